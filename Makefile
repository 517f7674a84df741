# Everything starts here: `make` lists the targets. Needs GNU make, a Python 3.11 or later, and a package registry.

BIN := .venv/bin
IMPACT := $(BIN)/python -m impact
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check

# Two stamps: what a report needs is installed; what the tests need, too. Programs are run by `python -m`, never by
# their scripts in .venv/bin, so that the folder may be renamed or moved.
RUN := .venv/.run.stamp
DEV := .venv/.dev.stamp

# A report stands on its study's folder and on these. Folders and exports may hold spaces, which make cannot list, so
# `find` compares the dates: a folder is newer, too, when a file was moved into it or taken away.
PROGRAM := requirements.lock pyproject.toml $(wildcard data/*/questionnaire.toml data/*/published.toml) \
	$(shell find impact -type f -not -name '.*' -not -path '*/__pycache__/*')

quoted = '$(subst ','\'',$(1))'

# Shell: the study asked for, or every study of data/, one turn of a loop each.
EACH_STUDY = $(if $(STUDY),printf '%s\n' $(call quoted,$(STUDY)),find data -mindepth 2 -maxdepth 2 -name study.toml | sort) \
	| while IFS= read -r study; do \
	if [ -d "$$study" ]; then study="$${study%/}/study.toml"; fi;

# Shell: the fingerprint of a study file. Two studies whose folders share a name share a report's place: the report
# that stands there may be another's unless its manifest holds this, and `impact report` then refuses to replace it.
DIGEST = $(BIN)/python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())'

# Shell: of these, the ones whose report is missing or old, one a line: the study, a tab, the report's folder. The files
# of a report for internal use say so in their names. The manifest is written last, after what the study's folder is given.
STALE = $(EACH_STUDY) \
	folder=$$(cd "$$(dirname "$$study")" 2>/dev/null && pwd); \
	report=$(if $(OUT),$(call quoted,$(OUT)),"reports/$$(basename "$$folder")"); \
	for use in "" -usage-interne; do [ -f "$$report/manifest$$use.json" ] && break; done; \
	if [ ! -f "$$report/rapport$$use.pdf" ] || [ ! -f "$$report/tables$$use.xlsx" ] || \
	! grep -q "$$($(DIGEST) "$$study" 2>/dev/null)" "$$report/manifest$$use.json" || \
	[ -n "$$(find "$$folder" $(PROGRAM) -newer "$$report/manifest$$use.json" | head -n 1)" ]; \
	then printf '%s\t%s\n' "$$study" "$$report"; fi; done

# Shell: sets $python to the first that runs, is recent enough and can make a virtual environment; says what lacks.
FIND_PYTHON = python=''; found=''; \
	for candidate in $(if $(PYTHON),$(call quoted,$(PYTHON)),python3.13 python3.12 python3.11 python3); do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; found="$$candidate"; \
	"$$candidate" -c 'import ensurepip, venv' 2>/dev/null && python="$$candidate" && break; done; \
	if [ -z "$$found" ]; then printf '%s\n' \
	"Il faut Python 3.11 ou plus récent, et aucun n'a été trouvé$(if $(PYTHON), sous le nom donné)." \
	'Installez-le, ou dites où il est : make PYTHON=/chemin/vers/python3' \
	"Python 3.11 or later is needed and none was found$(if $(PYTHON), under the name given)." \
	'Install it, or say where it is: make PYTHON=/path/to/python3' >&2; exit 1; fi; \
	if [ -z "$$python" ]; then printf '%s\n' \
	"À $$found il manque le module venv. Sous Debian et Ubuntu : apt install python3-venv" \
	"$$found lacks the venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; fi

# Shell: what make adds of its own after a fault is English, and says nothing that helps.
STOPPED = { printf '%s\n' '' 'Arrêté : la cause est dite au-dessus. La ligne qui suit vient de make et ne dit rien de plus.' \
	'Stopped: the reason is above. The line below comes from make and says nothing more.' >&2; exit 1; }

SAY_OFFLINE = { printf '%s\n' "L'installation n'a pas abouti : la cause est au-dessus ; sans réseau, elle est impossible." \
	'The installation failed: the reason is above; it needs the network.' >&2; exit 1; }

ifdef study
$(error Écrivez STUDY en majuscules : make report STUDY=$(study) / Write STUDY in capitals)
endif

ifdef OUT
ifndef STUDY
$(error OUT= dit où écrire le rapport d’une étude : donnez aussi STUDY= / OUT= goes with STUDY=)
endif
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help report stale-reports check test fuzz notebooks lint bench simulate attack masked readme lock oracle clean

help:  ## Affiche cette aide
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile
	@echo
	@echo 'STUDY=chemin/vers/study.toml  une étude à vous, pour report et check'
	@echo 'OUT=reports/nom                où écrire le rapport de cette étude, au lieu de reports/ et du nom de son dossier'
	@echo 'PYTHON=chemin/vers/python3    un autre Python que celui qui est trouvé (3.11 ou plus récent)'

ifneq ($(filter report,$(MAKECMDGOALS)),)
STALE_NOW := $(shell $(STALE))
$(if $(STALE_NOW),,$(info Rien à refaire : ni les exports, ni les fichiers de l’étude, ni le programme n’ont changé.))
endif

report: $(RUN) $(if $(STALE_NOW),stale-reports)  ## Le rapport de chaque étude de data/, dans reports/ ; ou d'une seule : STUDY=

stale-reports: $(RUN)
	@$(STALE) | while IFS="$$(printf '\t')" read -r study report; do \
	$(IMPACT) report "$$study" -o "$$report" </dev/null || $(STOPPED); done

check: $(RUN)  ## Vérifie chaque étude de data/ sans écrire de rapport ; ou une seule : STUDY=
	@$(EACH_STUDY) $(IMPACT) check "$$study" </dev/null || $(STOPPED); done

test: $(DEV)  ## Passe tous les tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal

fuzz: $(DEV)  ## Abîme des milliers de fichiers et vérifie que chacun donne un résultat ou une phrase (COUNT=3000)
	@$(BIN)/python -m tests.fuzz.fuzz $(or $(COUNT),3000)

notebooks: $(DEV)  ## Exécute les carnets, en HTML dans reports/notebooks/
	@echo 'Exécution des carnets…'
	@$(BIN)/python -m nbconvert --to html --execute --log-level ERROR --ExecutePreprocessor.extra_arguments=--log-level=ERROR \
	--output-dir reports/notebooks notebooks/*.ipynb

lint: $(DEV)  ## Contrôle la mise en forme, le style et les types
	@$(BIN)/python -m ruff format --check --quiet .
	@$(BIN)/python -m ruff check --quiet .
	@$(BIN)/python -m mypy

bench: $(DEV)  ## Mesure ce que coûtent l'aide, un rapport, un grand export et ses chiffres
	@$(BIN)/python -m tests.benchmarks.bench

simulate: $(DEV)  ## Mesure la couverture atteinte par chaque intervalle (cinq à dix minutes)
	@$(BIN)/python -m tests.simulation.coverage
	@$(BIN)/python -m tests.simulation.trend

attack: $(DEV)  ## Attaque les fichiers produits pour 2 500 petites cohortes (une demi-heure)
	@$(BIN)/python -m tests.attack.benchmark

masked: $(DEV)  ## Mesure la part des lignes masquées sur 600 cohortes réalistes (cinq minutes)
	@$(BIN)/python -m tests.attack.masked

readme: $(DEV)  ## Récrit dans README.md et LISEZMOI.md le tableau des clés de [analysis]
	@$(BIN)/python -m tests.readme

COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url

lock:  ## Récrit les deux fichiers de versions d'après pyproject.toml
	@$(FIND_PYTHON); echo 'Recherche des versions…'; folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	{ "$$python" -m venv "$$folder" && "$$folder/bin/python" -m pip install --quiet --quiet --disable-pip-version-check uv; } || $(SAY_OFFLINE); \
	"$$folder/bin/uv" $(COMPILE) --extra install --extra dev --output-file requirements-dev.lock pyproject.toml >/dev/null && \
	"$$folder/bin/uv" $(COMPILE) --extra install --constraints requirements-dev.lock --output-file requirements.lock pyproject.toml >/dev/null

# The made-up respondents first, since the other scripts compute on them; some of those need data kept elsewhere.
ORACLES := tests/oracle/frame.R $(filter-out tests/oracle/frame.R,$(wildcard tests/oracle/*.R))

oracle: $(RUN)  ## Recalcule les valeurs attendues par les tests (R, ses paquets survey, psych, epiR, multcomp, MatchIt)
	@Rscript -e 'for (name in c("survey", "psych", "epiR", "multcomp", "MatchIt")) library(name, character.only = TRUE)' >/dev/null 2>&1 || { printf '%s\n' \
	'Il faut R et ses paquets survey, psych, epiR, multcomp et MatchIt. Sous Debian et Ubuntu : apt install r-base-core r-cran-survey r-cran-psych r-cran-epir r-cran-multcomp r-cran-matchit' \
	'R and its packages survey, psych, epiR, multcomp and MatchIt are needed. On Debian and Ubuntu: apt install r-base-core r-cran-survey r-cran-psych r-cran-epir r-cran-multcomp r-cran-matchit' >&2; exit 1; }
	@PYTHONPATH=. $(BIN)/python tests/oracle/default.py
	@for script in $(ORACLES); do Rscript "$$script" $(wildcard ../shared/realdata) || exit 1; done

clean:  ## Efface l'environnement, les caches et tout ce que contient reports/
	@rm -rf .venv reports/* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find impact tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): requirements.lock pyproject.toml
	@$(FIND_PYTHON); \
	echo 'Installation des bibliothèques (une seule fois, une à deux minutes)…'; \
	{ $(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || "$$python" -m venv --clear .venv; } && \
	$(PIP) --require-hashes -r requirements.lock && $(PIP) --no-deps --no-build-isolation --editable . || $(SAY_OFFLINE)
	@touch $@

$(DEV): requirements-dev.lock $(RUN)
	@echo 'Installation des outils de test (une seule fois, une à deux minutes)…'
	@$(PIP) --require-hashes -r requirements-dev.lock || $(SAY_OFFLINE)
	@touch $@
