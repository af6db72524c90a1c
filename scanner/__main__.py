"""`python -m scanner` is `jwksgov`."""

from scanner.cli import run

if __name__ == "__main__":
    run()
