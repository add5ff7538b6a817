"""`make charges`: automatic payments whose process is killed between charge and commit."""
