#pragma once

#include <cstdint>
#include <string>

namespace pretended {

void count_read(int64_t values, const std::string &what);
void count_upload();
void count_kernel();

}  // namespace pretended
