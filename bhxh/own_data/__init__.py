"""What a person may see of what is held about them: who looked, in plain words, and a copy of everything."""
