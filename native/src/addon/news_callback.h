// A JavaScript function that is called on the main loop when a descriptor becomes readable.
#pragma once

#include <napi.h>
#include <uv.h>

#include <functional>

namespace plugjam {

class NewsCallback {
 public:
  // `on_readable` is called while `fd` is readable, and says with call() what there is. `name` is for tools
  // that trace what runs.
  NewsCallback(Napi::Env env, const char* name, const Napi::Value& function, int fd,
               std::function<void()> on_readable);
  ~NewsCallback() { stop(); }
  NewsCallback(const NewsCallback&) = delete;
  NewsCallback& operator=(const NewsCallback&) = delete;

  // `on_readable` is called no more; call() still works. To be called before `fd` is closed.
  void stop();
  // An exception of the function is the process's, as from any other handler on the main loop.
  void call(const Napi::Value& self, const std::initializer_list<napi_value>& arguments = {}) const;

 private:
  Napi::FunctionReference function_;
  Napi::AsyncContext context_;
  std::function<void()> on_readable_;
  uv_poll_t* poll_ = new uv_poll_t;
};

}  // namespace plugjam
