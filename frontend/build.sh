#!/bin/sh
# Build network_platform/static from the sources in this folder. For authors: needs Node; servers never do.
set -eu
cd "$(dirname "$0")"
out=../network_platform/static
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm ci --silent --ignore-scripts

# Bootstrap's part, turned into logical properties so that one stylesheet serves both directions.
npx sass --quiet --silence-deprecation=import --no-source-map bootstrap.scss "$work/raw.css"
sed -E \
  -e 's/(margin|padding|border)-left/\1-inline-start/g' -e 's/(margin|padding|border)-right/\1-inline-end/g' \
  -e 's/(text-align|float): left/\1: start/g' -e 's/(text-align|float): right/\1: end/g' \
  -e 's/float: start/float: inline-start/g' -e 's/float: end/float: inline-end/g' \
  "$work/raw.css" > "$work/bootstrap.css"
npx cleancss -O1 -o "$work/bootstrap.min.css" "$work/bootstrap.css"
npx cleancss -O1 -o "$work/theme.min.css" tokens.css theme.css
cat "$work/bootstrap.min.css" "$work/theme.min.css" > "$out/site.css"

for script in js/*.js; do
  npx terser "$script" --module --compress passes=2 --mangle --output "$out/$(basename "$script")"
done

cp node_modules/bootstrap/LICENSE "$out/licences/bootstrap.txt"
cp mark.svg "$out/mark.svg"
python3 digests.py --write
