/// The version of swift-gan, which every file that it writes names.
package let packageVersion = "0.1.0"
