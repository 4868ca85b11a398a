"""The rules: what an audit can accuse code of, and the words that name it."""
