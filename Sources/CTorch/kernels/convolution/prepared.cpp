#include "prepared.h"

#include <cstring>
#include <mutex>
#include <vector>

namespace ctorch {
namespace {

/// How many bytes all forms may take. Beyond that a weight is prepared for each use.
constexpr size_t most_bytes = size_t{256} << 20;

/// A form, and what it was made of.
struct Kept {
  /// Keeps nothing alive but the address, which no other memory gets.
  c10::weak_intrusive_ptr<c10::StorageImpl> storage;
  int64_t offset;
  c10::DimVector sizes, strides;
  at::ScalarType type;
  /// What counts the changes of the elements, and how many there had been.
  c10::VariableVersion counter;
  uint32_t changes;
  Prepare prepare;
  at::Tensor form;

  Kept(const at::Tensor &weight, Prepare prepare)
      : storage(weight.storage().getWeakStorageImpl()), offset(weight.storage_offset()), sizes(weight.sizes()),
        strides(weight.strides()), type(weight.scalar_type()),
        counter(weight.unsafeGetTensorImpl()->version_counter()), changes(counter.current_version()), prepare(prepare) {}

  bool is_of(const at::Tensor &weight, Prepare asked) const {
    return prepare == asked && storage._unsafe_get_target() == weight.storage().unsafeGetStorageImpl() &&
        offset == weight.storage_offset() && weight.sizes() == sizes && weight.strides() == strides &&
        weight.scalar_type() == type;
  }

  /// Whether the elements have changed since.
  bool is_outdated() const { return counter.current_version() != changes; }

  /// Whether the elements are what they were. All views of a tensor have one counter.
  bool is_fresh(const at::Tensor &weight) const {
    const auto &own = weight.unsafeGetTensorImpl()->version_counter();
    return std::memcmp(&own, &counter, sizeof counter) == 0 && !is_outdated();
  }
};

std::mutex lock;
/// A few for each weight of the networks that are in use. Never destroyed: other threads may compute until the process ends.
auto &all = *new std::vector<Kept>();

at::Tensor find(const at::Tensor &weight, Prepare prepare) {
  const std::lock_guard guard(lock);
  for (const auto &kept : all) {
    if (kept.is_of(weight, prepare)) return kept.is_fresh(weight) ? kept.form : at::Tensor();
  }
  return {};
}

/// Takes the place of what was made of the weight before, of what is outdated, and of what was made of weights that are
/// no more.
void keep(const at::Tensor &weight, Kept added) {
  const std::lock_guard guard(lock);
  std::erase_if(all, [&](const Kept &kept) {
    return kept.storage.expired() || kept.is_outdated() || kept.is_of(weight, added.prepare);
  });
  size_t bytes = added.form.nbytes();
  for (const auto &kept : all) bytes += kept.form.nbytes();
  if (bytes <= most_bytes) all.push_back(std::move(added));
}

}  // namespace

at::Tensor prepared(const at::Tensor &weight, const Geometry &geometry, Prepare prepare) {
  // Inference tensors have no counter.
  const bool is_counted = weight.unsafeGetTensorImpl()->version_counter().enabled();
  if (is_counted) {
    if (const auto form = find(weight, prepare); form.defined()) return form;
  }
  std::optional<Kept> made;
  if (is_counted) made.emplace(weight, prepare);
  const auto in_order = weight.to(at::kFloat).permute({2, 3, 1, 0}).contiguous();
  const auto form = prepare(geometry, static_cast<const float *>(in_order.const_data_ptr()));
  if (made) {
    made->form = form;
    keep(weight, *std::move(made));
  }
  return form;
}

}  // namespace ctorch
