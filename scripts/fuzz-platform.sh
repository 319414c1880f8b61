#!/bin/sh
# fuzz-platform.sh ADDRESS KEY [EXAMPLES]: asks a running house strange things below /v1, made from its own OpenAPI
# document, and fails where it answers with a fault of its own (5xx). Needs schemathesis (`pip install schemathesis`).
# Ask a house that was made for it: it is told to delete, too.
set -eu
address=${1:?the address of a house, as http://127.0.0.1:4321}
key=${2:?an API key with the scope models}
examples=${3:-25}
# What schemathesis remembers of a run goes with it.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
curl -fsS "$address/api/openapi.json" >openapi.json
schemathesis run openapi.json --url "$address" --include-path-regex '^/v1/' \
  --header "authorization: Bearer $key" --checks not_a_server_error --max-examples "$examples" --request-timeout 20 \
  --phases examples,coverage,fuzzing
