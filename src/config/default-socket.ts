// Where the control socket is unless the configuration says otherwise. Alone here, so that a client need not load the rest.

export const defaultSocket = "/run/plugjam/control.sock";
