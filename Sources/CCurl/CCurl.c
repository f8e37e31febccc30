#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// The part of libcurl's ABI that is used here; its numbers never change within libcurl.so.4.
enum {
  OPTION_NOPROGRESS = 43,
  OPTION_NOSIGNAL = 99,
  OPTION_CONNECTTIMEOUT_MS = 156,
  OPTION_PROTOCOLS = 181,
  OPTION_WRITEDATA = 10001,
  OPTION_URL = 10002,
  OPTION_PROXY = 10004,
  OPTION_RANGE = 10007,
  OPTION_ERRORBUFFER = 10010,
  OPTION_USERAGENT = 10018,
  OPTION_HEADERDATA = 10029,
  OPTION_XFERINFODATA = 10057,
  OPTION_NOPROXY = 10177,
  OPTION_WRITEFUNCTION = 20011,
  OPTION_HEADERFUNCTION = 20079,
  OPTION_XFERINFOFUNCTION = 20219,
  INFO_REDIRECT_URL = 0x100000 + 31,
  PROTOCOL_HTTP_AND_HTTPS = 1 | 2,
  GLOBAL_DEFAULT = 3,
  ERROR_SIZE = 256,
};

static struct {
  int (*global_init)(long flags);
  void *(*init)(void);
  int (*set)(void *handle, int option, ...);
  int (*perform)(void *handle);
  int (*info)(void *handle, int info, ...);
  void (*cleanup)(void *handle);
  const char *(*describe)(int code);
  int usable;
} curl;

static void load(void) {
  // git brings the second one, so a machine that cloned this repository has at least that.
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  *(void **)&curl.global_init = dlsym(library, "curl_global_init");
  *(void **)&curl.init = dlsym(library, "curl_easy_init");
  *(void **)&curl.set = dlsym(library, "curl_easy_setopt");
  *(void **)&curl.perform = dlsym(library, "curl_easy_perform");
  *(void **)&curl.info = dlsym(library, "curl_easy_getinfo");
  *(void **)&curl.cleanup = dlsym(library, "curl_easy_cleanup");
  *(void **)&curl.describe = dlsym(library, "curl_easy_strerror");
  curl.usable = curl.global_init && curl.init && curl.set && curl.perform && curl.info && curl.cleanup &&
                curl.describe && curl.global_init(GLOBAL_DEFAULT) == 0;
}

static int set_options(void *handle, const ccurl_request *request, char *error) {
  int code = 0;
  code = code ? code : curl.set(handle, OPTION_ERRORBUFFER, error);
  code = code ? code : curl.set(handle, OPTION_URL, request->url);
  code = code ? code : curl.set(handle, OPTION_PROTOCOLS, (long)PROTOCOL_HTTP_AND_HTTPS);
  code = code ? code : curl.set(handle, OPTION_USERAGENT, "swift-gan");
  code = code ? code : curl.set(handle, OPTION_PROXY, request->proxy);
  code = code ? code : curl.set(handle, OPTION_NOPROXY, request->no_proxy);
  code = code ? code : curl.set(handle, OPTION_NOSIGNAL, 1L);
  code = code ? code : curl.set(handle, OPTION_CONNECTTIMEOUT_MS, (long)request->connect_milliseconds);
  code = code ? code : curl.set(handle, OPTION_HEADERFUNCTION, request->header);
  code = code ? code : curl.set(handle, OPTION_HEADERDATA, request->context);
  code = code ? code : curl.set(handle, OPTION_WRITEFUNCTION, request->body);
  code = code ? code : curl.set(handle, OPTION_WRITEDATA, request->context);
  code = code ? code : curl.set(handle, OPTION_NOPROGRESS, 0L);
  code = code ? code : curl.set(handle, OPTION_XFERINFOFUNCTION, request->tick);
  code = code ? code : curl.set(handle, OPTION_XFERINFODATA, request->context);
  // A plain Range header: with libcurl's own "resume" option an answer that ignores the range would be an error.
  if (request->offset > 0) {
    char range[32];
    snprintf(range, sizeof range, "%lld-", (long long)request->offset);
    code = code ? code : curl.set(handle, OPTION_RANGE, range);
  }
  return code;
}

int ccurl_get(const ccurl_request *request, char *message, char *redirect) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  message[0] = 0;
  redirect[0] = 0;
  void *handle = curl.usable ? curl.init() : NULL;
  if (!handle) return ccurl_missing;
  char error[ERROR_SIZE] = {0};
  int code = set_options(handle, request, error);
  if (code == 0) code = curl.perform(handle);
  if (code != 0) snprintf(message, ccurl_message_size, "%s", error[0] ? error : curl.describe(code));
  const char *address = NULL;
  if (curl.info(handle, INFO_REDIRECT_URL, &address) == 0 && address && strlen(address) < ccurl_redirect_size) {
    strcpy(redirect, address);
  }
  curl.cleanup(handle);
  return code;
}
