"""What functions do, as rustc writes it down (MIR): a text that is read here."""
