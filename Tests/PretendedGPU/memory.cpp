#include "memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <mutex>
#include <unordered_map>

namespace pretended {
namespace {

struct Block {
  size_t size;
  int64_t opens = 0;
};

std::mutex lock;

/// By their first address. Never destroyed: tensors may be released when the process ends.
std::unordered_map<void *, Block> &blocks() {
  static auto *blocks = new std::unordered_map<void *, Block>();
  return *blocks;
}

/// Opens or closes the block at `address`, of which only the first open and the last close change anything.
void change_opens(void *address, int64_t change) {
  const std::lock_guard guard(lock);
  const auto found = blocks().find(address);
  TORCH_INTERNAL_ASSERT(found != blocks().end(), "the pretended device has no memory at this address");
  auto &block = found->second;
  const bool was_open = block.opens > 0;
  block.opens += change;
  const bool is_open = block.opens > 0;
  if (is_open != was_open) mprotect(address, block.size, is_open ? PROT_READ | PROT_WRITE : PROT_NONE);
}

void release(void *address) {
  const std::lock_guard guard(lock);
  const auto found = blocks().find(address);
  munmap(address, found->second.size);
  blocks().erase(found);
}

struct Allocator final : c10::Allocator {
  c10::DataPtr allocate(size_t bytes) override {
    const auto page = static_cast<size_t>(getpagesize());
    const size_t size = (std::max<size_t>(bytes, 1) + page - 1) / page * page;
    void *address = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    TORCH_CHECK_WITH(OutOfMemoryError, address != MAP_FAILED, "the pretended device has no ", bytes, " bytes left");
    {
      const std::lock_guard guard(lock);
      blocks().emplace(address, Block{size});
    }
    return {address, address, &release, c10::Device(c10::kPrivateUse1, 0)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }

  void copy_data(void *target, const void *source, size_t count) const override {
    change_opens(target, 1);
    change_opens(const_cast<void *>(source), 1);
    std::memcpy(target, source, count);
    change_opens(const_cast<void *>(source), -1);
    change_opens(target, -1);
  }
};

}  // namespace

c10::Allocator *allocator() {
  static Allocator allocator;
  return &allocator;
}

Opened::Opened(const at::Tensor &tensor) : elements(tensor) {
  if (!tensor.is_privateuseone()) return;
  block = tensor.storage().mutable_data();
  change_opens(block, 1);
  elements = at::from_blob(
      static_cast<char *>(block) + tensor.storage_offset() * static_cast<int64_t>(tensor.element_size()), tensor.sizes(),
      tensor.strides(), at::TensorOptions().dtype(tensor.dtype()));
}

Opened::~Opened() {
  if (block != nullptr) change_opens(block, -1);
}

}  // namespace pretended
