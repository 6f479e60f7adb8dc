"""Makes the site of the documentation, around the program that renders its pages."""
