"""`python -m fastlogs` is `fastlogs`."""

from fastlogs._cli import main

if __name__ == "__main__":
    main()
