"""`make core`, `make lint`, `make test`: what has to pass before a change is accepted."""
