#!/usr/bin/env bash
# Runs a command inside the test kernel, as root, on this machine's files, which it can read but not write:
#   run.sh KERNEL_FOLDER COMMAND [KERNEL_ARGUMENT...]
# KERNEL_FOLDER is what build.sh made. The last line of output is "guest: exit STATUS". Of kernel arguments there is
# time-travel=inf-cpu: time passes only while everything sleeps; OLED="sh1106=1", for the display simulator; SHARED=FOLDER, which the command
# can write to, as /mnt.
set -euo pipefail
kernel=$(realpath "$1")
command=$2
shift 2
exec "$kernel/linux" mem=1024M rootfstype=hostfs rootflags=/ ro root=/dev/root quiet \
  init="$(realpath "${BASH_SOURCE[0]%/*}")/init.sh" \
  KERNEL_FOLDER="$kernel" FOLDER="$PWD" PATH="$PATH" COMMAND="\"$command\"" "$@" </dev/null
