# Cuts the scripts out of the language's case files, one file each: seeds for the fuzzer. -v out=FOLDER
function finish() { if (script != "") { name = sprintf("%s/%s-%d.stage", out, base, FNR); printf "%s", script > name; close(name) } script = ""; inside = 0 }
FNR == 1 { base = FILENAME; sub(/^tests\/language\//, "", base); gsub(/\//, "-", base); sub(/\.test$/, "", base); inside = 0; script = ""; title = 0 }
/^----$/ { finish(); next }
inside { script = script $0 "\n"; next }
/^# / { title = 1; next }
title && /^[a-z]+( .*)?$/ { inside = 1; title = 0; next }
{ title = 0 }
