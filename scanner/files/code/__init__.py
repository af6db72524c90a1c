"""Source code that holds settings: Python, JavaScript with TypeScript, and Ruby, as far as its text alone says them."""
