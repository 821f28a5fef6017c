#!/usr/bin/env bash
# Compile the theorems in a folder of their own (build/rocq), then ask Rocq for the axioms of each Theorem: there must be none.
set -euo pipefail
cd "$(dirname "$0")"
if ! command -v coqc >/dev/null; then
    echo "make rocq needs Rocq with Mathematical Components (Debian: apt-get install coq libcoq-mathcomp-algebra)" >&2
    exit 1
fi
out=../../build/rocq
rm -rf "$out"
mkdir -p "$out"
cp _CoqProject ./*.v "$out"
cd "$out"
mapfile -t files < <(grep '\.v$' _CoqProject)
if [ "$(printf '%s\n' "${files[@]}" | LC_ALL=C sort)" != "$(ls -- *.v | LC_ALL=C sort)" ]; then
    echo "_CoqProject does not list the files that are there" >&2
    exit 1
fi
options=(-q -R . Symplrnn -w -notation-overridden,-ambiguous-paths)
for file in "${files[@]}"; do
    coqc "${options[@]}" "$file"
done
{
    for file in "${files[@]}"; do
        echo "From Symplrnn Require ${file%.v}."
        sed -n "s/^Theorem \([^ :({]*\).*/Print Assumptions ${file%.v}.\1./p" "$file"
    done
} > Assumptions.v
coqc "${options[@]}" Assumptions.v > assumptions
theorems=$(grep -c '^Print Assumptions' Assumptions.v)
if grep -qvx 'Closed under the global context' assumptions || [ "$(wc -l < assumptions)" != "$theorems" ]; then
    echo "A theorem rests on an axiom, or on a proof that was not given:" >&2
    grep -vx 'Closed under the global context' assumptions >&2
    exit 1
fi
echo "Rocq: $theorems theorems proved in ${#files[@]} files, without axioms"
