import CCurl
import Glibc

/// Why a mirror did not give a file.
struct TransferFailure: Error {
  /// What happened, as in "it answered 404".
  let reason: String
  /// Whether the same mirror may do better at once.
  let isPassing: Bool
}

/// One HTTP GET that continues where a ``PartialFile`` ends, including redirects.
final class HTTPTransfer {
  private let part: PartialFile
  private let limits: DownloadLimits
  private let advanced: () -> Void

  private var answer = HTTPAnswer()
  private var bodyBegan = false
  private var redirectCount = 0
  private var error: (any Error)?
  private var lastByte = ContinuousClock.now
  private var isStalled = false

  private init(_ part: PartialFile, limits: DownloadLimits, advanced: @escaping () -> Void) {
    self.part = part
    self.limits = limits
    self.advanced = advanced
  }

  /// Receives `url` until `part` is complete.
  ///
  /// - Parameter advanced: called whenever bytes have been written.
  /// - Throws: ``TransferFailure`` when the mirror is at fault, `FileError` when the disk is.
  static func receive(
    _ url: String, into part: PartialFile, limits: DownloadLimits, environment: [String: String],
    advanced: @escaping () -> Void
  ) throws {
    var url = url
    for _ in 0..<8 {
      let transfer = HTTPTransfer(part, limits: limits, advanced: advanced)
      guard let next = try transfer.perform(url, environment: environment) else { return }
      url = next
    }
    throw TransferFailure(reason: "it redirects in a circle", isPassing: false)
  }

  /// - Returns: the address that the mirror redirects to, or nil when the file is complete.
  private func perform(_ url: String, environment: [String: String]) throws -> String? {
    let proxy = DownloadProxy(for: url, environment: environment)
    var message = [CChar](repeating: 0, count: ccurl_message_size)
    var redirect = [CChar](repeating: 0, count: ccurl_redirect_size)
    let code = url.withCString { url in
      proxy.address.withCString { address in
        proxy.exceptions.withCString { exceptions in
          var request = ccurl_request(
            url: url, proxy: address, no_proxy: exceptions, offset: Int64(part.count),
            connect_milliseconds: Int64(limits.connect / .milliseconds(1)),
            header: { bytes, size, count, context in
              HTTPTransfer.from(context).takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
            },
            body: { bytes, size, count, context in
              HTTPTransfer.from(context).takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
            },
            tick: { context, _, _, _, _ in HTTPTransfer.from(context).tick() },
            context: Unmanaged.passUnretained(self).toOpaque())
          return withExtendedLifetime(self) { ccurl_get(&request, &message, &redirect) }
        }
      }
    }
    if let error { throw error }
    if code == ccurl_missing {
      throw DownloadPrerequisite(
        description: "downloads need libcurl, which is missing here: sudo apt-get install libcurl4 ca-certificates")
    }
    if isStalled { throw TransferFailure(reason: "it sent nothing for \(limits.stall)", isPassing: true) }
    if answer.isRedirect, redirect[0] != 0 { return Self.string(redirect) }
    if answer.isRefusal { throw try refusal(code: code, message: Self.string(message)) }
    guard code == 0 else { throw Self.failure(code: code, message: Self.string(message)) }
    guard part.isComplete else {
      throw TransferFailure(reason: "it ended after \(part.count) of \(part.byteCount) bytes", isPassing: true)
    }
    return nil
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> HTTPTransfer {
    guard let context else { preconditionFailure("libcurl lost the transfer") }
    return Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
  }

  private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    lastByte = .now
    answer.read(headerLine: String(decoding: bytes, as: UTF8.self))
    return bytes.count
  }

  /// - Returns: how many bytes were taken; fewer than there are end the transfer.
  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    lastByte = .now
    guard !answer.isRefusal else { return 0 }
    do {
      if answer.isRedirect {
        // libcurl names the new address at the end of the text that nobody reads, so that has to come soon.
        redirectCount += bytes.count
        guard redirectCount < 1 << 20 else {
          throw TransferFailure(reason: "its redirect is incomplete", isPassing: false)
        }
        return bytes.count
      }
      if !bodyBegan {
        bodyBegan = true
        try beginBody()
      }
      guard part.count + bytes.count <= part.byteCount else {
        try part.restart()
        throw TransferFailure(reason: "it sends more than the \(part.byteCount) bytes of the file", isPassing: false)
      }
      try part.append(bytes)
      advanced()
      return bytes.count
    } catch {
      self.error = error
      return 0
    }
  }

  /// Makes `part` end where the body begins.
  private func beginBody() throws {
    if let total = answer.totalCount, total != part.byteCount {
      throw TransferFailure(
        reason: "it offers \(total) bytes where the file has \(part.byteCount)", isPassing: false)
    }
    guard answer.start != part.count else { return }
    guard answer.start == 0 else {
      throw TransferFailure(
        reason: "asked for bytes from \(part.count) on, it sends those from \(answer.start) on", isPassing: false)
    }
    try part.restart()
  }

  private func tick() -> Int32 {
    isStalled = ContinuousClock.now - lastByte > limits.stall
    return isStalled ? 1 : 0
  }

  /// The failure that an answer other than success means.
  private func refusal(code: Int32, message: String) throws -> TransferFailure {
    // "Range not satisfiable": what is there cannot be the beginning of this file.
    if answer.status == 416 { try part.restart() }
    let isPassing = [408, 416, 425, 429].contains(answer.status) || answer.status >= 500
    // The transfer ended by itself, or because its body was not wanted (23); else a proxy on the way is the one that
    // answered, and libcurl says so.
    let isMirrorsOwn = [0, 23].contains(code)
    return TransferFailure(reason: isMirrorsOwn ? "it answered \(answer.status)" : message, isPassing: isPassing)
  }

  /// The failure that a CURLcode means.
  private static func failure(code: Int32, message: String) -> TransferFailure {
    // HTTP/2 framing, partial file, got nothing, send error, receive error, HTTP/2 stream, HTTP/3, QUIC: a connection
    // that broke. The others (no such host, refused, certificate, ...) would say the same again.
    let broken: Set<Int32> = [16, 18, 52, 55, 56, 92, 95, 96]
    let certificate: Set<Int32> = [60, 77]
    let advice = certificate.contains(code) ? " (is the package ca-certificates installed?)" : ""
    return TransferFailure(reason: message + advice, isPassing: broken.contains(code))
  }

  private static func string(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
