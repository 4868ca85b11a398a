//! More futures that never wait for anything: chains of them, methods, generic ones.
use futures::executor::block_on;

mod text {
    pub(crate) async fn trimmed(text: &str) -> &str {
        text.trim()
    }

    async fn words(text: &str) -> Vec<String> {
        trimmed(text).await.split(' ').map(str::to_owned).collect()
    }

    pub(crate) async fn count(text: &str) -> usize {
        words(text).await.len()
    }
}

fn counted(text: &str) -> usize {
    block_on(text::count(text)) //~ M1
}

fn doubled(text: &str) -> usize {
    let first = block_on(text::count(text)); //~ M1
    first + block_on(text::count(text)) //~ M1
}

async fn largest<T: Ord + Copy>(values: &[T]) -> Option<T> {
    values.iter().copied().max()
}

fn top(values: &[u32]) -> u32 {
    block_on(largest(values)).unwrap_or_default() //~ M1
}

struct Account {
    balance: i64,
}

impl Account {
    async fn open(balance: i64) -> Result<Self, String> {
        if balance < 0 {
            return Err(format!("{balance} is negative"));
        }
        Ok(Self { balance })
    }

    /// Takes money, if there is enough.
    async fn take(&mut self, amount: i64) -> Result<i64, String> {
        // Nothing is lent.
        if amount > self.balance {
            return Err("not enough".to_owned());
        }
        self.balance -= amount;
        Ok(self.balance)
    }

    fn new(balance: i64) -> Result<Self, String> {
        block_on(Self::open(balance)) //~ M1
    }

    fn withdraw(&mut self, amount: i64) -> Result<i64, String> {
        let left = block_on(self.take(amount))?; //~ M1
        Ok(left)
    }
}

fn block() -> usize {
    let text = " a b ";
    block_on(async { text.trim().len() }) //~ M0
}

fn main() {
    println!("{} {}", counted(" one two "), doubled("three"));
    println!("{} {}", top(&[3, 9, 4]), block());
    let mut account = Account::new(5).unwrap();
    println!("{:?} {:?}", account.withdraw(3), account.withdraw(3));
    println!("{:?}", Account::new(-1).map(|account| account.balance));
}
