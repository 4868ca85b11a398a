"""What rustc says before a change and after it: messages, macros, MIR, API."""
