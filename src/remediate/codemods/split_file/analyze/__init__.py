"""What a file is made of, what each unit needs, and what cannot move."""
