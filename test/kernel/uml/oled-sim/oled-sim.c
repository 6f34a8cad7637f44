// SPDX-License-Identifier: MIT
/*
 * An I2C bus with a 128x64 display on it: what a Pi's i2c-bcm2835 shows of an SSD1306 or SH1106, with the picture to
 * read back and faults to order.
 *
 * insmod oled-sim.ko [nr=1] [addr=0x3c] [sh1106=1] [khz=100]; transfers last as long as they do at that speed.
 * /sys/kernel/debug/oled-sim/
 *   fb         the 1024 bytes that show: 8 pages of 128 columns, the least significant bit on top
 *   state      what the commands have set, and counters, as words KEY=NUMBER
 *   fail_next  this many transfers time out
 *   absent     1: pulled out, nobody acknowledges; 0: plugged in again, fresh from power-on with noise in its memory
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>

#define PAGES 8
#define COLUMNS 132		/* of the SH1106; the SSD1306 has the first 128 */
#define SHOWN 128
#define SH1106_LEFT 2		/* the first column of an SH1106 that shows */

static int nr = -1;
module_param(nr, int, 0444);
static unsigned short addr = 0x3c;
module_param(addr, ushort, 0444);
static bool sh1106;
module_param(sh1106, bool, 0444);
static unsigned int khz = 100;
module_param(khz, uint, 0444);

static DEFINE_MUTEX(lock);

static struct chip {
	u8 ram[PAGES][COLUMNS];
	bool on, inverted, pumped, segments_remapped, rows_reversed;
	u8 contrast, mode, start_line;
	u8 page, first_page, last_page;
	u8 column, first_column, last_column;
	u8 command[8];
	int command_length;
} chip;

static u32 fail_next, commands, data_bytes, transfers;
static bool absent;

enum { HORIZONTAL, VERTICAL, PAGE };

static void power_on(void)
{
	chip = (struct chip){
		.contrast = 0x7f,
		.mode = PAGE,
		.last_page = PAGES - 1,
		.last_column = SHOWN - 1,
	};
	for (int i = 0; i < sizeof(chip.ram); i++)
		((u8 *)chip.ram)[i] = i * 167 ^ i >> 3;
}

static int argument_count(u8 command)
{
	switch (command) {
	case 0x81: case 0xa8: case 0xad: case 0xd3: case 0xd5: case 0xd9: case 0xda: case 0xdb:
		return 1;
	case 0x20: case 0x8d:
		return sh1106 ? 0 : 1;
	case 0x21: case 0x22: case 0xa3:
		return sh1106 ? 0 : 2;
	case 0x29: case 0x2a:
		return sh1106 ? 0 : 5;
	case 0x26: case 0x27:
		return sh1106 ? 0 : 6;
	}
	return 0;
}

static void obey_either(const u8 *c)
{
	switch (c[0]) {
	case 0x00 ... 0x0f:
		chip.column = (chip.column & 0xf0) | (c[0] & 0x0f);
		break;
	case 0x10 ... 0x1f:
		chip.column = (chip.column & 0x0f) | (c[0] & 0x0f) << 4;
		break;
	case 0x40 ... 0x7f:
		chip.start_line = c[0] & 63;
		break;
	case 0x81:
		chip.contrast = c[1];
		break;
	case 0xa0: case 0xa1:
		chip.segments_remapped = c[0] & 1;
		break;
	case 0xa6: case 0xa7:
		chip.inverted = c[0] & 1;
		break;
	case 0xae: case 0xaf:
		chip.on = c[0] & 1;
		break;
	case 0xb0 ... 0xb7:
		chip.page = c[0] & 7;
		break;
	case 0xc0 ... 0xcf:
		chip.rows_reversed = c[0] & 8;
		break;
	}
}

static void obey_ssd1306(const u8 *c)
{
	switch (c[0]) {
	case 0x20:
		chip.mode = c[1] & 3;
		break;
	case 0x21:
		chip.column = chip.first_column = c[1] & 127;
		chip.last_column = c[2] & 127;
		break;
	case 0x22:
		chip.page = chip.first_page = c[1] & 7;
		chip.last_page = c[2] & 7;
		break;
	case 0x8d:
		chip.pumped = c[1] & 4;
		break;
	}
}

static void obey_sh1106(const u8 *c)
{
	if (c[0] == 0xad)
		chip.pumped = c[1] & 1;
}

static void put_command(u8 byte)
{
	chip.command[chip.command_length++] = byte;
	if (chip.command_length <= argument_count(chip.command[0]))
		return;
	commands++;
	chip.command_length = 0;
	obey_either(chip.command);
	if (sh1106)
		obey_sh1106(chip.command);
	else
		obey_ssd1306(chip.command);
}

static void next_column_of_page(void)
{
	if (sh1106)
		chip.column = min(chip.column + 1, COLUMNS);
	else
		chip.column = (chip.column + 1) % SHOWN;
}

static void put_data(u8 byte)
{
	data_bytes++;
	if (chip.column < COLUMNS)
		chip.ram[chip.page][chip.column] = byte;
	if (sh1106 || chip.mode == PAGE) {
		next_column_of_page();
	} else if (chip.mode == HORIZONTAL) {
		if (chip.column++ != chip.last_column)
			return;
		chip.column = chip.first_column;
		chip.page = chip.page == chip.last_page ? chip.first_page : (chip.page + 1) % PAGES;
	} else {
		if (chip.page++ != chip.last_page)
			return;
		chip.page = chip.first_page;
		chip.column = chip.column == chip.last_column ? chip.first_column : (chip.column + 1) % SHOWN;
	}
}

/* Control bytes say what follows: bit 6 data or commands, bit 7 one byte only or all the rest. */
static void take(const u8 *bytes, int length)
{
	int i = 0;

	while (i < length) {
		u8 control = bytes[i++];
		int end = control & 0x80 ? min(i + 1, length) : length;

		for (; i < end; i++)
			if (control & 0x40)
				put_data(bytes[i]);
			else
				put_command(bytes[i]);
	}
}

/* Bit 6: the picture is off. The lower ones differ from chip to chip; drivers tell them apart by these. */
static u8 status_byte(void)
{
	return (chip.on ? 0 : 0x40) | (sh1106 ? 0x08 : 0x03);
}

static void let_pass(int bytes)
{
	int us = khz ? bytes * 9 * 1000 / khz : 0;

	usleep_range(us, us);
}

static int transfer(struct i2c_adapter *adapter, struct i2c_msg *messages, int count)
{
	int result = count;

	mutex_lock(&lock);
	transfers++;
	if (fail_next) {
		fail_next--;
		result = -ETIMEDOUT;
	}
	for (int i = 0; i < count && result == count; i++) {
		struct i2c_msg *message = &messages[i];

		if (absent || message->addr != addr) {
			let_pass(1);
			result = -EREMOTEIO;
		} else {
			let_pass(1 + message->len);
			if (message->flags & I2C_M_RD)
				memset(message->buf, status_byte(), message->len);
			else
				take(message->buf, message->len);
		}
	}
	mutex_unlock(&lock);
	return result;
}

static u32 functionality(struct i2c_adapter *adapter)
{
	return I2C_FUNC_I2C | I2C_FUNC_SMBUS_EMUL;
}

static const struct i2c_algorithm algorithm = { .master_xfer = transfer, .functionality = functionality };
static struct i2c_adapter adapter = { .owner = THIS_MODULE, .name = "display simulator", .algo = &algorithm };

static ssize_t fb_read(struct file *file, char __user *to, size_t size, loff_t *position)
{
	static u8 shown[PAGES][SHOWN];
	ssize_t result;

	mutex_lock(&lock);
	for (int page = 0; page < PAGES; page++)
		memcpy(shown[page], &chip.ram[page][sh1106 ? SH1106_LEFT : 0], SHOWN);
	result = simple_read_from_buffer(to, size, position, shown, sizeof(shown));
	mutex_unlock(&lock);
	return result;
}

static const struct file_operations fb_fops = { .owner = THIS_MODULE, .read = fb_read };

static int state_show(struct seq_file *file, void *unused)
{
	mutex_lock(&lock);
	seq_printf(file, "on=%u pumped=%u inverted=%u contrast=%u segments_remapped=%u rows_reversed=%u start_line=%u",
		   chip.on, chip.pumped, chip.inverted, chip.contrast, chip.segments_remapped, chip.rows_reversed,
		   chip.start_line);
	seq_printf(file, " commands=%u data_bytes=%u transfers=%u\n", commands, data_bytes, transfers);
	mutex_unlock(&lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

static int absent_get(void *unused, u64 *value)
{
	*value = absent;
	return 0;
}

static int absent_set(void *unused, u64 value)
{
	mutex_lock(&lock);
	absent = value;
	power_on();
	mutex_unlock(&lock);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(absent_fops, absent_get, absent_set, "%llu\n");

static struct dentry *folder;

static int __init start(void)
{
	int result;

	power_on();
	adapter.nr = nr;
	result = nr < 0 ? i2c_add_adapter(&adapter) : i2c_add_numbered_adapter(&adapter);
	if (result)
		return result;
	folder = debugfs_create_dir("oled-sim", NULL);
	debugfs_create_file("fb", 0444, folder, NULL, &fb_fops);
	debugfs_create_file("state", 0444, folder, NULL, &state_fops);
	debugfs_create_u32("fail_next", 0644, folder, &fail_next);
	debugfs_create_file("absent", 0644, folder, NULL, &absent_fops);
	return 0;
}

static void __exit end(void)
{
	debugfs_remove_recursive(folder);
	i2c_del_adapter(&adapter);
}

module_init(start);
module_exit(end);
MODULE_LICENSE("Dual MIT/GPL");
MODULE_DESCRIPTION("A 128x64 OLED on an I2C bus of its own");
