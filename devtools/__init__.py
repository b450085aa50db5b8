"""What ./dev is made of; standard library only."""
