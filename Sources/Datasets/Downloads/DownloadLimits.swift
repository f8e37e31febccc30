/// How long a download waits, and how often it tries again.
package struct DownloadLimits: Sendable {
  /// The longest wait for a connection.
  package var connect: Duration = .seconds(15)
  /// The longest time without a byte. It is looked at once a second.
  package var stall: Duration = .seconds(30)
  /// Attempts at one mirror whose connection breaks. What has arrived is kept between them.
  package var attempts = 5
  /// The wait before the second attempt; it grows by as much with each further one.
  package var pause: Duration = .seconds(1)
  /// The longest wait for another process that holds the set while its download does not grow.
  package var lock: Duration = .seconds(300)

  package init() {}
}
