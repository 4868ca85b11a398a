"""Gates for changes of which nothing is promised: code that a program wrote which is not a codemod."""
