# Every target sets up by itself what it needs, under .dev/. See CONTRIBUTING.md.
#
#   make core                     the rules alone, without Odoo: about a second
#   make lint                     style and Odoo guidelines
#   make test                     everything, in a fresh database; TESTS=path::Class::name, ARGS="-k word", KEEP=1
#   make test-fast                the same without browser tours and histories of random bookings
#   make test-core                Odoo's own tests give the same results with our add-ons as without; SHORT=1 a part
#   make demo                     a company with customers to look at; PORT=8069, SERVE=0
#   make replay                   the reminders of a history of invoices; DATA=file, FROM=date, TO=date, AUTOPAY=1, OUT=file
#   make bench                    speed and memory by number of open invoices, in CPU seconds; SIZES="2000 20000", OUT=file
#   make bench-jobs               a night with several workers by the job queue, in seconds; SIZES=20000, WORKERS="0 1 2"
#   make faults                   days with killed workers and a failing mail server; SEED, DAYS=10, KILLS=200, OUT=file
#   make faults-short             the same in at most two minutes
#   make charges                  processes killed between charge and commit, with a simulated Stripe; SEED, KILLS=50, OUT=file
#   make replies                  how often the rules that read customers' replies are right, by kind and language
#   make hostile                  requests as everybody who might attack: what got in, changed something or failed; SEED
#   make screenshots              pictures of the demo company, banner and icons for the Apps list; FRESH=1 makes it anew
#   make i18n                     translation template and translations, updated from the source
#   make chains                   the list of our overrides (tests/override_chains.txt), updated from the source
#   make clean                    removes databases, e-mails and logs under .dev/; Odoo and the venv stay
#   make help                     this list
#
# ODOO_HOME uses an Odoo 19 you have, PGHOST, PGPORT, PGUSER, PGPASSWORD a PostgreSQL server you have.

# Debian's own Python is compiled with optimizations that others lack, as those of pyenv: tests take a seventh less CPU.
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && echo /usr/bin/python3 || echo python3)
IN_VENV = $(PYTHON) -m dev.setup $@ && .dev/venv/bin/python -m

export PORT SERVE DATA FROM TO AUTOPAY OUT SIZES WORKERS TESTS ARGS KEEP SEED DAYS KILLS SHORT FRESH

.PHONY: help clean chains core lint test test-fast test-core demo replay bench bench-jobs faults faults-short charges hostile replies i18n screenshots

help:
	@sed -n 's/^#   //p' Makefile

clean:
	@$(PYTHON) -S -m dev.setup.clean

chains:
	@UPDATE=1 $(MAKE) --no-print-directory test TESTS=ar_collections/tests/test_architecture.py ARGS="-q -k TestOverrides"

core:
	@$(PYTHON) -S -m dev.checks.core

lint:
	@$(IN_VENV) dev.checks.lint

test:
	@$(IN_VENV) dev.checks.tests

test-fast:
	@$(IN_VENV) dev.checks.tests --fast

test-core:
	@$(IN_VENV) dev.checks.test_core

demo:
	@$(IN_VENV) dev.demo

replay:
	@$(IN_VENV) dev.replay

bench:
	@$(IN_VENV) dev.bench

bench-jobs:
	@$(IN_VENV) dev.bench.jobs

faults:
	@$(IN_VENV) dev.faults

faults-short:
	@$(PYTHON) -m dev.setup faults && SHORT=1 .dev/venv/bin/python -m dev.faults

charges:
	@$(IN_VENV) dev.charges

replies:
	@$(PYTHON) -S -m dev.replies

hostile:
	@$(IN_VENV) dev.hostile

i18n:
	@$(IN_VENV) dev.i18n

screenshots:
	@$(IN_VENV) dev.screenshots
