# make alone lists the targets.
.PHONY: help run cluster test proof lint fmt generate build dev gallery pictures watch-code watch-static bench clean test-tools proof-tools

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unversioned)
GO_BUILD := CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)"
GOLANGCI_LINT := go tool -modfile=.ci/golangci-lint.mod golangci-lint
# RUN_TESTS prints what go test prints, and then the ten slowest tests.
GOTESTSUM := go tool -modfile=.ci/gotestsum.mod gotestsum
RUN_TESTS := $(GOTESTSUM) --format standard-quiet --jsonfile bin/tests.json \
	--post-run-command '$(GOTESTSUM) tool slowest --num 10 --jsonfile bin/tests.json' --

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build the site and serve it on SQLite at http://localhost:8080
	./bin/plaza serve

cluster: build ## Run one site on three servers, PostgreSQL and NATS, at http://localhost:8080
	go run ./cmd/cluster

build: ## Build the static binary, bin/plaza
	$(GO_BUILD) -o bin/plaza ./cmd/plaza

test: test-tools ## Install what the tests need, run all of them, and name the ten slowest
	@mkdir -p bin
	$(RUN_TESTS) -timeout 30m ./...

# PLAZA_PROOF=1 makes tests repeat more and use more browsers, and RAPID_CHECKS makes rapid draw more
# cases. The tests of cmd/plaza drive a binary. The race detector would watch the tests there, and not plaza. Of those
# tests only some are longer than in make test: those of the files that ask the package proof.
E2E := cmd/plaza/e2e
LONGER = $(shell grep -l 'proof\.' $(E2E)/browser/*_test.go $(E2E)/site/*_test.go | xargs grep -ho '^func Test[A-Za-z0-9]*' | \
	sed -e '/TestMain$$/d' -e 's/^func //' | paste -sd '|')
proof: proof-tools ## Run the tests in full, with the race detector, and each fuzz target for a minute
	@mkdir -p bin
	PLAZA_PROOF=1 RAPID_CHECKS=500 $(RUN_TESTS) -race -timeout 60m $$(go list ./... | grep -v /cmd/plaza)
	PLAZA_PROOF=1 $(RUN_TESTS) -timeout 60m ./$(E2E)/crash ./$(E2E)/engines
	PLAZA_PROOF=1 $(RUN_TESTS) -timeout 60m -run '^($(LONGER))$$' ./$(E2E)/browser ./$(E2E)/site
	@grep -rHo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | while IFS=: read -r file target; do \
		go test -run '^$$' -fuzz "^$${target#func }$$" -fuzztime 1m "$$(dirname "$$file")" || exit 1; \
	done

# Chromium shows the pages, and the fonts show the scripts that people write in. PostgreSQL is for sites
# on several servers, and the C compiler for the race detector.
TEST_PACKAGES := chromium postgresql fonts-noto-core fonts-noto-color-emoji fonts-wqy-microhei gcc libc6-dev
# Firefox needs no screen. WebKit has that of Xvfb.
PROOF_PACKAGES := $(TEST_PACKAGES) firefox-esr webkit2gtk-driver xvfb
test-tools:
	@$(call INSTALL,$(TEST_PACKAGES))
proof-tools:
	@$(call INSTALL,$(PROOF_PACKAGES))
INSTALL = dpkg -s $(1) >/dev/null 2>&1 || (apt-get update -qq && apt-get install -y -qq --no-install-recommends $(1))

lint: ## Run the linters
	$(GOLANGCI_LINT) run ./...

fmt: ## Format Go and templ files
	go tool templ fmt views
	go tool gofumpt -w cmd handlers views store static

generate: ## Generate Go from the templ files, and the archive of the highlighter's lexers
	go tool templ generate
	go run ./cmd/lexers

pictures: test-tools ## Draw the preview of shared addresses and the icons again
	go run ./cmd/pictures

dev: ## Serve the site at http://localhost:7331, and reload the browser on every change
	@$(call LIVE,7331) PORT=8080 PROGRAM="./cmd/plaza serve"

gallery: ## Show every component at http://localhost:7332, and reload the browser on every change
	@$(call LIVE,7332) PORT=8081 PROGRAM=./cmd/gallery

# There are two watchers. For every file that it watches, the first restarts the program, unless only the
# words of a .templ changed. The program reads styles, scripts and icons from disk, so the second watcher
# only reloads the browser. TEMPL_DEV_MODE_ROOT holds the words of each .templ. Each target has a folder of
# its own for them, because templ empties the folder at its end. Without inlining (-l), our own code
# compiles in half the time.
LIVE = echo "Open http://localhost:$(1): it reloads on every change" && mkdir -p bin/$@ && \
	TEMPL_DEV_MODE_ROOT=$(CURDIR)/bin/$@ CGO_ENABLED=0 $(MAKE) -s -j2 watch-code watch-static LIVE_PORT=$(1)
WATCH = go tool templ generate -watch -log-level=warn
watch-code:
	$(WATCH) -watch-pattern='\.(go|templ)$$|views/.*\.css$$' -ignore-pattern='_test\.go$$' -open-browser=false \
		-proxy=http://localhost:$(PORT) -proxyport=$(LIVE_PORT) \
		-cmd="go run -tags dev -gcflags=plaza/...=-l -ldflags=-s $(PROGRAM)"
watch-static:
	$(WATCH) -path static -watch-pattern='\.(css|js|svg)$$' \
		-cmd="go tool templ generate -notify-proxy -proxyport=$(LIVE_PORT)"

bench: build ## Run the benchmarks, then measure plaza beside a bare program
	go test -run '^$$' -bench . -benchmem ./...
	go run ./cmd/load

clean: ## Remove everything that was built; databases stay
	rm -rf bin .screenshots
