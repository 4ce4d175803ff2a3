#!/usr/bin/env bash
# A PostgreSQL server for tests and benchmarks alone: a new cluster in a folder of /tmp, reached by a socket in
# there, as `ledger`, without a password. It runs until standard input ends, also because whoever holds the other
# end was killed; then the folder is removed. Prints `ready FOLDER`. A line `crash` kills the server as a power
# loss would and prints `crashed`; `start` starts it again and prints `ready FOLDER`.
set -u
trap '' INT TERM HUP PIPE

bin=
for folder in $(command -v initdb | xargs -r readlink -f | xargs -r dirname) \
  $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr) \
  /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
  [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && { bin=$folder; break; }
done
[ -n "$bin" ] || { echo "error PostgreSQL is not installed: initdb and postgres were not found"; exit 1; }
[ "${1-}" != --check ] || exit 0

# What runs on is a process of its own, without the descriptors that came along from a process that was making others at the
# same moment: while they are open somewhere, it does not see that those others, or this one, have ended. 255 is the shell's own.
if [ "${1-}" != --keep ]; then
  "$0" --keep <&0 >&1 2>&2 &
  exit 0
fi
for open in /proc/self/fd/* /dev/fd/*; do
  open=${open##*/}
  case $open in 0 | 1 | 2 | 255 | *[!0-9]*) ;; *) eval "exec $open>&-" 2>/dev/null ;; esac
done

folder=$(mktemp -d /tmp/damm-postgres.XXXXXX) || exit 1
server=

# Postgres refuses to run as root.
as=
if [ "$(id -u)" = 0 ]; then
  user=postgres
  id $user >/dev/null 2>&1 || user=nobody
  chown "$user" "$folder"
  as="setpriv --reuid=$(id -u $user) --regid=$(id -g $user) --clear-groups"
fi

stop() {
  [ -z "$server" ] || { kill -QUIT "$server"; wait "$server"; } 2>/dev/null
  # small disks that a test has put in here
  grep -o "$folder/[^ ]*" /proc/mounts 2>/dev/null | while read -r disk; do umount -l "$disk"; done
  rm -rf "$folder"
}

fail() {
  echo "error $1: $(tail -n 3 "$folder/log" 2>/dev/null | tr '\n' ' ')"
  stop
  exit 1
}

start() {
  $as "$bin/postgres" -D "$folder/data" </dev/null >>"$folder/log" 2>&1 &
  server=$!
  tries=0
  until "$bin/pg_isready" -q -h "$folder" -d postgres -U ledger; do
    tries=$((tries + 1))
    kill -0 "$server" 2>/dev/null && [ $tries -lt 600 ] || fail "the server does not start"
    sleep 0.05
  done
  echo "ready $folder"
}

# All its processes at once, in the middle of what they do.
crash() {
  kill -STOP "$server"
  children=$(ps -eo pid=,ppid= | awk -v server="$server" '$2 == server { print $1 }')
  kill -KILL $children "$server" 2>/dev/null
  wait "$server" 2>/dev/null
  server=
  # a new one does not start while the memory of the old one is in use
  while ps -eo args= | grep -q "^postgres: $mark: \|^$bin/postgres -D $folder/"; do sleep 0.02; done
  echo crashed
}

ln -s "$bin/psql" "$folder/psql"
mark=$(basename "$folder")
cd "$folder" || exit 1
$as "$bin/initdb" -D "$folder/data" -U ledger -A trust -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1 \
  || fail "initdb"
cat >>"$folder/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
cluster_name = '$mark'
max_connections = 60
shared_buffers = 32MB
CONF
# else each start after a crash would wait for every file by itself
[ "$(uname -s)" != Linux ] || echo 'recovery_init_sync_method = syncfs' >>"$folder/data/postgresql.conf"
start
while read -r line; do
  case $line in
    crash) crash ;;
    start) start ;;
  esac
done
stop
