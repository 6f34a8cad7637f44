// In the place of @discordjs/opus' own loader, which looks for a folder named after the system's C library.
module.exports = require("./opus.node");
