// A printable box for a Raspberry Pi 3 or 4, the Plugjam HAT on it and an audio HAT on top: tray and lid.
// SPDX-License-Identifier: CERN-OHL-P-2.0
//
// Lengths in mm. x runs along the Pi from the SD card, y towards the header, z upwards; 0, 0 is the Pi's corner.
// Print both parts as they lie, without supports.

part = "all"; // "tray", "lid", or "all" to look at

// ---- what is inside

pi = [85, 56];
pi_holes = [[3.5, 3.5], [61.5, 3.5], [3.5, 52.5], [61.5, 52.5]];
board = 1.6;        // thickness of a printed board
spacer = 11;        // between two boards
above_audio = 14;   // jacks of the audio HAT

// Of the HAT, measured from its header's edge, as in its KiCad file.
buttons = [14.25, 42.25];
lights = [23.05, 28.25, 33.45];
button_height = 4;  // axes, above the board
light_height = 2;

window = [26, 15];  // of the display: a little more than the 21.7 x 10.9 that shines
display = [28, 28.5]; // its board

// ---- the box

wall = 2;
gap = 1;            // between boards and walls
foot = 4;           // below the Pi
cable_side = "front"; // the long side that is open for the jacks of the audio HAT: "front" (y = 0) or "back"

inside = [pi.x + 2 * gap + 3, pi.y + 2 * gap];   // 3: sockets reach over the Pi's end
pi_z = wall + foot;                              // lower side of the Pi
hat_z = pi_z + board + spacer + board;           // upper side of the HAT
audio_z = hat_z + spacer + board;
height = audio_z + above_audio;

$fn = 24;

// Walls are cut as flat drawings, then made thick: that takes seconds, where cutting solids takes minutes.

outside = inside + 2 * [wall, wall];
corner = [-gap - wall, -gap - wall];

/** A wall across x, drawn as [y, z]. */
module end_wall(x, thick) { translate([x, 0, 0]) rotate([90, 0, 90]) linear_extrude(thick) children(); }

/** A wall along x, drawn as [x, z]. */
module side_wall(y) { translate([0, y + wall, 0]) rotate([90, 0, 0]) linear_extrude(wall) children(); }

module at(u, v) { translate([u, v]) children(); }

module panel() { // of the end with the SD card
  difference() {
    at(corner.y, 0) square([outside.y, height]);
    at(20, wall) square([16, foot + 0.5]);
    for (y = buttons) at(pi.y - y, hat_z + button_height) circle(d = 5);
    for (y = lights) at(pi.y - y, hat_z + light_height) circle(d = 3.6);
  }
}

module name(word, y, z, turn = 0) {
  at(pi.y - y, hat_z + z) mirror([1, 0]) rotate(turn) text(word, size = 3, halign = turn == 0 ? "center" : "left", valign = turn == 0 ? "baseline" : "center", $fn = 8);
}

module names() {
  name("CONNECT", buttons[0] - 3, 9);
  name("MUTE", buttons[1], 9);
  name("LINK", lights[0], 6, 90);
  name("REC", lights[1], 6, 90);
  name("MUTE", lights[2], 6, 90);
}

module long_side(open_for_jacks, open_for_cables) {
  difference() {
    at(corner.x, 0) square([outside.x, height]);
    if (open_for_cables) at(5, pi_z) square([54, board + 8]); // power, picture, the Pi's own jack
    if (open_for_jacks) at(5, audio_z - board) square([54, above_audio + board + 1]);
  }
}

module tray() {
  linear_extrude(wall) difference() {
    at(corner.x, corner.y) square(outside);
    for (x = [15 : 8 : 70]) at(x, 8) square([3, 40]); // air
  }
  end_wall(corner.x, 0.5) difference() { panel(); names(); }
  end_wall(corner.x + 0.5, wall - 0.5) panel();
  end_wall(inside.x - gap, wall) difference() { // USB and network, in any order
    at(corner.y, 0) square([outside.y, height]);
    at(1, pi_z) square([pi.y - 2, board + 17]);
  }
  side_wall(corner.y) long_side(cable_side == "front", true);
  side_wall(inside.y - gap) long_side(cable_side == "back", false);
  for (hole = pi_holes) translate([hole.x, hole.y, 0]) linear_extrude(pi_z) difference() {
    circle(d = 6);
    circle(d = 2.2); // an M2.5 screw cuts its own thread
  }
}

module lid() {
  centre = pi / 2;
  module middle(size) { at(centre.x - size.x / 2, centre.y - size.y / 2) square(size); }
  module plate() { at(corner.x, corner.y) square(outside); }
  bed = 0.8; // the display's board lies in it; tape or glue holds it
  linear_extrude(wall - bed) difference() { plate(); middle(window); }
  translate([0, 0, wall - bed]) linear_extrude(bed) difference() { plate(); middle(display); }
  linear_extrude(wall + 4) difference() { // a rim that holds by friction
    at(-gap + 0.2, -gap + 0.2) square(inside - [0.4, 0.4]);
    at(-gap + wall, -gap + wall) square(inside - 2 * [wall, wall]);
  }
}

if (part == "tray") tray();
else if (part == "lid") lid();
else {
  tray();
  translate([0, pi.y + 20, 0]) lid();
}
