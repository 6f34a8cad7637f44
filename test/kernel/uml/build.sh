#!/usr/bin/env bash
# Builds the test kernel and its display simulator from Debian's kernel source: build.sh FOLDER. Takes some minutes.
# FOLDER appears when all went well. Exit status 69: this machine cannot, and the last line on stderr says why.
set -euo pipefail
here=$(realpath "${BASH_SOURCE[0]%/*}")
out=$(realpath -m "$1")
version=6.12

cannot() {
  echo "$1" >&2
  exit 69
}
[ "$(uname -sm)" = "Linux x86_64" ] || cannot "User Mode Linux wants Linux on x86_64, this is $(uname -sm)"
for tool in apt-get dpkg-deb gcc make flex bison bc xz insmod ip; do
  command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin:/sbin command -v "$tool" >/dev/null || cannot "there is no $tool"
done
[ -e /usr/include/libelf.h ] || cannot "libelf-dev is not installed"

mkdir -p "$(dirname "$out")"
work=$(mktemp -d "$out.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

echo "kernel: downloading linux-source-$version"
apt-get download -qq "linux-source-$version" >&2 || cannot "apt-get cannot download linux-source-$version"
dpkg-deb -x linux-source-*.deb . && rm linux-source-*.deb
tar xf "usr/src/linux-source-$version.tar.xz"
cd "linux-source-$version"

# Timers of 1 ms, as the loopback card needs for periods of 64 frames.
sed -i '/^config HZ$/,/default/s/default 100/default 1000/' arch/um/Kconfig
# Room for the registers of processors with AMX (a Sapphire Rapids Xeon); smaller ones use less of it. Else no program runs.
sed -i 's/HOST_FP_SIZE, 2696/HOST_FP_SIZE, 11008/' arch/x86/um/user-offsets.c
# No chance from outside, neither the machine's nor that in the name of a folder on the command line: so in virtual time one run is like the other.
sed -i 's/return getrandom(buf, len, flags);/memset(buf, 0x5a, len); return len;/' arch/um/os-Linux/util.c
sed -i '/_mix_pool_bytes(command_line, strlen(command_line));/d' drivers/char/random.c
KCONFIG_ALLCONFIG=$here/kernel.config make -s ARCH=um allnoconfig
echo "kernel: compiling"
progress='{ print >"make.log" } /^  CC / && ++n % 100 == 0 { print "kernel: " n " of about 730 files"; fflush() }'
if ! nice make ARCH=um -j"$(nproc)" linux modules 2>&1 | awk "$progress"; then
  tail -n 40 make.log >&2
  exit 1
fi

echo "kernel: compiling the display simulator"
cp -r "$here/oled-sim" .
make -s ARCH=um M="$PWD/oled-sim" modules
mkdir "$work/done"
strip -s -o "$work/done/linux" linux
strip --strip-debug -o "$work/done/oled-sim.ko" oled-sim/oled-sim.ko
# Two builds may come to the end at once; the first one stays.
mv -T "$work/done" "$out" 2>/dev/null || [ -x "$out/linux" ]
