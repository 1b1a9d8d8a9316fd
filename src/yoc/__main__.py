"""``python -m yoc`` is the command line."""

from yoc.cli import main

if __name__ == "__main__":
    main()
