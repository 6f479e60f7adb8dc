"""Messages: to whom, with which file, and how they fared."""
