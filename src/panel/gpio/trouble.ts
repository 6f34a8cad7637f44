// What is said of a panel that is not all there: one sentence, with what to do.

const restGoesOn = "the box goes on without it";

/** `part` is such as "the CONNECT button". */
export function pinRefused(part: string, gpio: number, error: unknown): string {
  const pin = `${part} (GPIO ${gpio})`;
  switch (codeOf(error)) {
    case "EBUSY":
      return `${pin} is in use by something else, and ${restGoesOn}: gpioinfo names the user, [panel] board picks other pins`;
    case "EACCES":
    case "EPERM":
      return `${pin} is not permitted, and ${restGoesOn}: put the user of this service in the group gpio`;
    default:
      return `${pin} cannot be had (${codeOf(error)}), and ${restGoesOn}: see that [panel] board names this board`;
  }
}

export function buttonStuck(part: string, gpio: number): string {
  return `${part} (GPIO ${gpio}) was down at power-on and counts only once it has been let go: if nobody held it, check the button and its wire`;
}

export function pinLost(part: string, gpio: number, error: unknown): string {
  return `${part} (GPIO ${gpio}) was lost (${codeOf(error)}), and ${restGoesOn}: restart the box`;
}

export function noChip(labels: readonly string[], mode: string): string {
  const where = mode === "onoff" ? " in /sys/class/gpio" : "";
  return `no GPIO chip ${labels.join(", ")}${where}, so no buttons and LEDs: without a header, set [panel] gpio = "off"`;
}

export function noInterface(error: unknown): string {
  const code = codeOf(error);
  const remedy =
    code === "EACCES" || code === "EPERM"
      ? "put the user of this service in the group gpio"
      : 'set [panel] gpio = "off" if there are none';
  return `GPIO cannot be used (${code}), so no buttons and LEDs: ${remedy}`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return (error as NodeJS.ErrnoException).code ?? error.name;
}
