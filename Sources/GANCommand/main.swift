import Torch

Machine.keepFreedMemory()
Gan.main()
