import Files
import Torch

Machine.keepFreedMemory()
Gan.main(Array(Invocation.arguments.dropFirst()))
