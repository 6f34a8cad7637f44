// SPDX-License-Identifier: GPL-2.0
// Asks the Raspberry Pi's firmware for a trial boot when the machine is restarted with the words "0 tryboot", as Raspberry
// Pi's own kernel does: the firmware then reads tryboot.txt in place of config.txt, once.

#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/reboot.h>
#include <linux/string.h>
#include <soc/bcm2835/raspberrypi-firmware.h>

// Not in the header of the mainline kernel.
static const u32 set_reboot_flags = 0x00038064;
static const u32 tryboot_flag = 1;

static struct rpi_firmware *firmware;

static int on_reboot(struct notifier_block *block, unsigned long action, void *words)
{
	u32 flags = tryboot_flag;
	int error;

	if (action != SYS_RESTART || !words || !strstr(words, " tryboot"))
		return NOTIFY_DONE;
	error = rpi_firmware_property(firmware, set_reboot_flags, &flags, sizeof(flags));
	if (error)
		pr_err("plugjam_tryboot: the firmware refuses a trial boot (%d)\n", error);
	else
		pr_info("plugjam_tryboot: the next boot is a trial\n");
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = on_reboot };

static int __init tryboot_init(void)
{
	struct device_node *node = rpi_firmware_find_node();
	int error;

	if (!node)
		return -ENODEV;
	firmware = rpi_firmware_get(node);
	of_node_put(node);
	if (!firmware)
		return -EPROBE_DEFER;
	error = register_reboot_notifier(&notifier);
	if (error)
		rpi_firmware_put(firmware);
	return error;
}

static void __exit tryboot_exit(void)
{
	unregister_reboot_notifier(&notifier);
	rpi_firmware_put(firmware);
}

module_init(tryboot_init);
module_exit(tryboot_exit);

// Loads it where that firmware is.
static const struct of_device_id machines[] = {
	{ .compatible = "raspberrypi,bcm2835-firmware" },
	{}
};
MODULE_DEVICE_TABLE(of, machines);

MODULE_DESCRIPTION("Trial boots of a Raspberry Pi");
MODULE_LICENSE("GPL");
