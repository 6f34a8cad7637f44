#!/bin/sh
# The first program inside the test kernel: mounts what a box expects, loads the display, runs $COMMAND in $FOLDER,
# tells its exit status and switches off. The variables come from the kernel's command line, see run.sh.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
mount -t debugfs debugfs /sys/kernel/debug
mount -t configfs configfs /sys/kernel/config
if [ -n "$SHARED" ]; then
  mount -t hostfs shared /mnt -o "$SHARED"
  touch /mnt/booted
fi
ip link set lo up
# shellcheck disable=SC2086 # several words
insmod "$KERNEL_FOLDER/oled-sim.ko" nr=1 $OLED

# The one place that can be written to.
mkdir /dev/shm/home /dev/shm/tmp
export HOME=/dev/shm/home TMPDIR=/dev/shm/tmp STATE_DIRECTORY=/dev/shm/home QT_QPA_PLATFORM=offscreen
cd "$FOLDER" && sh -c "$COMMAND"
echo "guest: exit $?"
python3 -c 'import ctypes; ctypes.CDLL(None).reboot(0x4321FEDC)' # power off, see reboot(2)
