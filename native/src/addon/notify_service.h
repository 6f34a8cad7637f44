// One datagram to the service manager (sd_notify(3)), as a JavaScript function.
#pragma once

#include <napi.h>

namespace plugjam {

// notifyService(socket, text): null, or the name of the error that kept it from being sent. `socket` is a
// path, or
// "@" and an abstract name. It never waits and never forks, as systemd-notify would.
Napi::Value notify_service(const Napi::CallbackInfo& info);

}  // namespace plugjam
