// See news_callback.h.
#include "addon/news_callback.h"

#include <utility>

namespace plugjam {

NewsCallback::NewsCallback(Napi::Env env, const char* name, const Napi::Value& function, int fd,
                           std::function<void()> on_readable)
    : function_(Napi::Persistent(function.As<Napi::Function>())),
      context_(env, name),
      on_readable_(std::move(on_readable)) {
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  uv_poll_init(loop, poll_, fd);
  poll_->data = this;
  uv_poll_start(poll_, UV_READABLE, [](uv_poll_t* poll, int, int) {
    const auto* news = static_cast<NewsCallback*>(poll->data);
    const Napi::HandleScope scope(news->function_.Env());
    news->on_readable_();
  });
}

void NewsCallback::stop() {
  if (poll_ == nullptr) return;
  uv_poll_stop(poll_);
  uv_close(reinterpret_cast<uv_handle_t*>(poll_),
           [](uv_handle_t* handle) { delete reinterpret_cast<uv_poll_t*>(handle); });
  poll_ = nullptr;
}

void NewsCallback::call(const Napi::Value& self, const std::initializer_list<napi_value>& arguments) const {
  try {
    function_.MakeCallback(self, arguments, context_);
  } catch (const Napi::Error& error) {
    napi_fatal_exception(function_.Env(), error.Value());
  }
}

}  // namespace plugjam
