VENV := .venv
PYTHON := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
DESK := kiosk/hub/static/vendor/complete

.PHONY: run test long lint bench soak proof bundle clean

run: $(INSTALLED) $(DESK)
	$(PYTHON) -m kiosk run --try-out

test: $(INSTALLED) $(DESK)
	$(PYTHON) -m pytest -n 2 --dist worksteal -m "not long"

# What takes longer: every target's size, OCR, contrast, steps cut at system calls, long browser walks. Some six minutes.
long: $(INSTALLED) $(DESK)
	$(PYTHON) -m pytest -n 2 --dist worksteal -m long

lint: $(INSTALLED)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# Ratios in one run; see tests/benchmarks for what each floor is.
bench: $(INSTALLED)
	$(PYTHON) -m tests.benchmarks.screen
	$(PYTHON) -m tests.benchmarks.childcare
	$(PYTHON) -m tests.benchmarks.outbox
	$(PYTHON) -m tests.benchmarks.packs
	$(PYTHON) -m tests.benchmarks.pack_check
	$(PYTHON) -m tests.benchmarks.hub_desk
	$(PYTHON) -m tests.benchmarks.hub_drain
	$(PYTHON) -m tests.benchmarks.hub_intake

# Schemathesis at the API, a thousand kills, and a cut at every byte of a batch and its answer: some twelve minutes. The
# API must be as described; lost and doubled must be 0. Then 10,000 parents come and go at random, which takes two hours or
# so on a quiet machine: nothing may break, stay or grow, and every screen must be come to.
soak: $(INSTALLED)
	$(PYTHON) -m tests.soak
	$(PYTHON) -m tests.soak.feeds --seconds 120
	$(PYTHON) -m tests.soak.packs
	xvfb-run -a -s "-screen 0 540x960x24" $(PYTHON) -m tests.soak.visits
	$(PYTHON) -m pytest --every-step --promises tests/callbacks/test_outbox_disk_errors.py tests/sync/test_usb_steps.py tests/pack/test_install_steps.py

# Every text on every screen measured in each language, text size and window, then the English and Polish read by
# tesseract (apt-get install tesseract-ocr tesseract-ocr-pol): half an hour or so. Nothing may be cut.
proof: $(INSTALLED)
	$(PYTHON) -m tests.soak.proof

bundle: $(INSTALLED) $(DESK)
	$(VENV)/bin/pyinstaller --noconfirm --log-level ERROR kiosk.spec
	$(PYTHON) -m tests.bundle.check dist/waymark

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(INSTALLED): pyproject.toml constraints.txt
	@echo "Installing into $(VENV): this takes a minute or two."
	@python3 -m venv $(VENV)
	@$(VENV)/bin/pip install -qq --disable-pip-version-check -c constraints.txt -e '.[ui,speech,print,hub,bundle,test]'
	@$(PYTHON) -m compileall -q kiosk
	@touch $@

# The desk's style and script come from the npm package govuk-frontend, at the version that vendor.py names.
$(DESK): $(INSTALLED) kiosk/hub/vendor.py
	$(PYTHON) -m kiosk.hub.vendor
	@touch $@
