//! Stream types as projects write them: a good one, and each of the ways they go wrong.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::sync::mpsc;

macro_rules! stream_type {
    ($name:ident, $receiver:ident) => {
        pub struct $name<T> {
            receiver: mpsc::$receiver<T>,
            #[allow(dead_code)]
            kept: Option<mpsc::Sender<T>>,
        }

        impl<T> Stream for $name<T> {
            type Item = T;

            fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
                self.receiver.poll_recv(context)
            }
        }

        impl<T> Unpin for $name<T> {}
    };
}

stream_type!(Good, Receiver);
stream_type!(NeverEnds, Receiver);
stream_type!(Lossy, Receiver);
stream_type!(Unbounded, UnboundedReceiver);

impl<T> Good<T> {
    pub fn channel(capacity: usize) -> (mpsc::Sender<T>, Self) {
        let (sender, receiver) = mpsc::channel(capacity);
        (sender, Self { receiver, kept: None })
    }
}

impl<T> NeverEnds<T> {
    /// The stream holds a sender of its own: the channel is never closed.
    pub fn channel(capacity: usize) -> (mpsc::Sender<T>, Self) {
        let (sender, receiver) = mpsc::channel(capacity);
        (sender.clone(), Self { receiver, kept: Some(sender) })
    }
}

/// Refuses silently what there is no room for.
pub struct LossySender<T>(mpsc::Sender<T>);

impl<T> LossySender<T> {
    pub fn send(&self, item: T) -> bool {
        !matches!(self.0.try_send(item), Err(mpsc::error::TrySendError::Closed(_)))
    }
}

impl<T> Lossy<T> {
    pub fn channel(capacity: usize) -> (LossySender<T>, Self) {
        let (sender, receiver) = mpsc::channel(capacity);
        (LossySender(sender), Self { receiver, kept: None })
    }
}

impl<T> Unbounded<T> {
    pub fn channel(_: usize) -> (mpsc::UnboundedSender<T>, Self) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (sender, Self { receiver, kept: None })
    }
}

/// An item that cannot be a Result: the type asks for a default to fill gaps with.
pub struct Plain<T: Default>(Good<T>);

impl<T: Default> Plain<T> {
    pub fn channel(capacity: usize) -> (mpsc::Sender<T>, Self) {
        let (sender, stream) = Good::channel(capacity);
        (sender, Self(stream))
    }
}

impl<T: Default> Stream for Plain<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        Pin::new(&mut self.0).poll_next(context)
    }
}

/// A stream of one value.
pub struct One<T> {
    future: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    is_endless: bool,
}

impl<T> One<T> {
    pub fn of_future(future: impl Future<Output = T> + Send + 'static) -> Self {
        One { future: Some(Box::pin(future)), is_endless: false }
    }

    /// It waits for ever behind its value.
    pub fn endless(future: impl Future<Output = T> + Send + 'static) -> Self {
        One { future: Some(Box::pin(future)), is_endless: true }
    }

    pub async fn next(&mut self) -> Option<T> {
        match self.future.take() {
            Some(future) => Some(future.await),
            None if self.is_endless => std::future::pending().await,
            None => None,
        }
    }
}
