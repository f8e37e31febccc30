#ifndef CCURL_H
#define CCURL_H

#include <stddef.h>
#include <stdint.h>

/// Receives bytes of a header line or of a body. Answers how many it took; fewer than `count` ends the transfer.
typedef size_t (*ccurl_receive)(const char *bytes, size_t size, size_t count, void *context);

/// Called at least once a second. A non-zero answer ends the transfer.
typedef int (*ccurl_tick)(void *context, int64_t download_total, int64_t downloaded, int64_t upload_total,
                          int64_t uploaded);

/// One HTTP GET request.
typedef struct {
  const char *url;
  /// The proxy's address, or an empty string for none.
  const char *proxy;
  /// Hosts that are reached without the proxy, separated by commas.
  const char *no_proxy;
  /// The first byte that is wanted; 0 asks for the whole.
  int64_t offset;
  int64_t connect_milliseconds;
  ccurl_receive header;
  ccurl_receive body;
  ccurl_tick tick;
  void *context;
} ccurl_request;

enum { ccurl_missing = -1, ccurl_message_size = 512, ccurl_redirect_size = 4096 };

/// Performs `request` with the libcurl of this machine, which is loaded at the first call: a process that downloads
/// nothing does not pay for it. Neither follows redirects nor reads the process's environment.
///
/// Answers 0, a CURLcode, or `ccurl_missing` where there is no libcurl. `message` (`ccurl_message_size` bytes) becomes
/// what libcurl says of a failure, `redirect` (`ccurl_redirect_size` bytes) the absolute address that the answer
/// redirects to; both are empty where there is none.
int ccurl_get(const ccurl_request *request, char *message, char *redirect);

#endif
