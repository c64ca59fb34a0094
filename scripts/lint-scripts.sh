#!/usr/bin/env bash
# Syntax of every committed shell and Python script, each by the interpreter that its first line names.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

status=0
while IFS= read -r -d '' file; do
    [ -f "$file" ] || continue
    case "$(head -c 64 "$file" | head -n 1 | tr -d '\0')" in
        '#!'*bash*) bash -n "$file" || status=1 ;;
        '#!'*/sh*) sh -n "$file" || status=1 ;;
        *) case $file in
            *.sh) bash -n "$file" || status=1 ;;
        esac ;;
    esac
    case $file in
        *.py)
            python3 -c 'import sys; compile(open(sys.argv[1], "rb").read(), sys.argv[1], "exec")' "$file" || status=1
            ;;
    esac
done < <(git ls-files -z --cached --others --exclude-standard -- .ci scripts Tests '*.sh' '*.py')
exit $status
