# Shared by the scripts that test a running server.

# serve FOLDER OPTION...: starts a new server with its data in FOLDER; sets $server (its process), $address and $token of an administrator
# ada@example.com with the password "a long and quiet river". Whoever calls it ends it with `stop_server`.
serve() {
    local folder=$1 link=
    shift
    mkdir -p "$folder"
    : >"$folder/log"
    "$binary" serve --data-path "$folder/data" --http-port 0 --inference-runtime "$home/runtime/openvino" \
        --embedding-model "$home/models/all-MiniLM-L6-v2" --reader-model "$home/models/reader" --log-level error \
        --rate-ordinary 0 --rate-question 0 --rate-upload 0 --rate-bulk 0 --rate-sign-in 0 \
        --sign-in-free-failures 1000000 --sign-in-free-failures-of-address 1000000 "$@" 2>"$folder/log" &
    server=$!
    for _ in $(seq 100); do
        link=$(grep -o 'http://[^ ]*welcome?token=.*' "$folder/log" || true)
        [ -n "$link" ] && break
        kill -0 $server 2>/dev/null || { cat "$folder/log" >&2; die "the server did not start."; }
        sleep 0.1
    done
    address="${link%%/#/*}"
    token=$("$home/python/bin/python" "$root/Tests/Contract/first_run.py" "$address" "${link##*token=}")
}

stop_server() {
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
}
