// The bridge to libtorch: every ATen operator is called by schema name through the dispatcher's boxed interface, so no operator
// has code of its own here. Besides: tensor metadata, autograd, generators, threads and devices, which are no operators.
// Builds against libtorch 1.13 and 2.x.
//
// Conventions. A tensor is an owned at::TensorImpl*, null for an undefined one. Functions that can fail return 0, or 1 with the
// message in pipeline_last_error (per thread). Guards (inference mode) end on the thread that began them.

#include <dlfcn.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/core/ivalue.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/version.h>

#ifdef PIPELINE_CUDA_STATISTICS
#include <c10/cuda/CUDACachingAllocator.h>
#endif

#define EXPORT extern "C" __attribute__((visibility("default")))

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
using OptionalTensor = std::optional<at::Tensor>;
using OptionalBool = std::optional<bool>;
#else
using OptionalTensor = c10::optional<at::Tensor>;
using OptionalBool = c10::optional<bool>;
#endif

// OpenBLAS on pthreads keeps threads of its own, for the whole process, which at::set_num_threads does not reach. Null with any other BLAS.
extern "C" __attribute__((weak)) void openblas_set_num_threads(int count);

namespace {

// Mirrors Value and ValueKind in Interop/Value.cs.
enum class Kind : int32_t {
  None, Default, Tensor, Integer, Real, Boolean, Integers, Reals, Booleans, Tensors, OptionalTensors, Text, Device, Generator,
};

struct Value {
  Kind kind;
  int32_t length;
  union {
    int64_t integer;
    double real;
    void* pointer;
  };
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<c10::IValue> defaults;
};

thread_local std::string last_error;

template <typename F>
int32_t guarded(F&& body) noexcept {
  try {
    body();
    return 0;
  } catch (const c10::Error& error) {
    last_error = error.what_without_backtrace();
  } catch (const std::exception& error) {
    last_error = error.what();
  } catch (...) {
    last_error = "an exception that is no std::exception";
  }
  return 1;
}

at::Tensor borrow(void* pointer) {
  if (pointer == nullptr) return at::Tensor();
  return at::Tensor(c10::intrusive_ptr<at::TensorImpl>::reclaim_copy(static_cast<at::TensorImpl*>(pointer)));
}

void* own(at::Tensor tensor) {
  return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

at::Generator borrow_generator(void* pointer) {
  return at::Generator(c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(static_cast<c10::GeneratorImpl*>(pointer)));
}

std::vector<at::Tensor> borrow_all(void* const* pointers, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(count);
  for (int32_t i = 0; i < count; i++) tensors.push_back(borrow(pointers[i]));
  return tensors;
}

c10::Device device_of(int64_t packed) {
  return c10::Device(static_cast<c10::DeviceType>(packed >> 32), static_cast<c10::DeviceIndex>(static_cast<int32_t>(packed)));
}

template <typename T>
c10::List<T> list_of(const Value& value) {
  auto elements = static_cast<const T*>(value.pointer);
  c10::List<T> list;
  list.reserve(value.length);
  for (int32_t i = 0; i < value.length; i++) list.push_back(elements[i]);
  return list;
}

template <typename T>
c10::List<T> tensors_of(const Value& value) {
  auto elements = static_cast<void* const*>(value.pointer);
  c10::List<T> list;
  list.reserve(value.length);
  for (int32_t i = 0; i < value.length; i++) list.push_back(elements[i] == nullptr ? T() : T(borrow(elements[i])));
  return list;
}

c10::IValue boxed(const Value& value, const c10::IValue& fallback) {
  switch (value.kind) {
    case Kind::None: return c10::IValue();
    case Kind::Default: return fallback;
    case Kind::Tensor: return borrow(value.pointer);
    case Kind::Integer: return value.integer;
    case Kind::Real: return value.real;
    case Kind::Boolean: return value.integer != 0;
    case Kind::Integers: return list_of<int64_t>(value);
    case Kind::Reals: return list_of<double>(value);
    case Kind::Booleans: return list_of<bool>(value);
    case Kind::Tensors: return tensors_of<at::Tensor>(value);
    case Kind::OptionalTensors: return tensors_of<OptionalTensor>(value);
    case Kind::Text: return std::string(static_cast<const char*>(value.pointer), value.length);
    case Kind::Device: return device_of(value.integer);
    case Kind::Generator: return borrow_generator(value.pointer);
  }
  throw std::invalid_argument("unknown kind of argument");
}

Value unboxed(c10::IValue&& value) {
  Value result{};
  if (value.isTensor()) {
    result.kind = Kind::Tensor;
    result.pointer = own(std::move(value).toTensor());
  } else if (value.isInt()) {
    result.kind = Kind::Integer;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.kind = Kind::Real;
    result.real = value.toDouble();
  } else if (value.isBool()) {
    result.kind = Kind::Boolean;
    result.integer = value.toBool();
  } else if (value.isTensorList()) {
    auto tensors = value.toTensorVector();
    auto pointers = std::make_unique<void*[]>(tensors.size());
    for (size_t i = 0; i < tensors.size(); i++) pointers[i] = own(std::move(tensors[i]));
    result.kind = Kind::Tensors;
    result.length = static_cast<int32_t>(tensors.size());
    result.pointer = pointers.release();
  } else if (!value.isNone()) {
    throw std::invalid_argument("unknown kind of result: " + value.tagKind());
  }
  return result;
}

}  // namespace

EXPORT const char* pipeline_last_error() { return last_error.c_str(); }

EXPORT const char* pipeline_torch_version() { return TORCH_VERSION; }

// Operators ------------------------------------------------------------------------------------------------------------------

EXPORT Operator* pipeline_operator_find(const char* name, const char* overload) {
  Operator* found = nullptr;
  guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!handle.has_value()) return;
    std::vector<c10::IValue> defaults;
    for (const auto& argument : handle->schema().arguments()) {
      defaults.push_back(argument.default_value().has_value() ? *argument.default_value() : c10::IValue());
    }
    found = new Operator{*handle, std::move(defaults)};
  });
  return found;
}

// Arguments beyond `count` take the schema's defaults. Results are owned by the caller; results beyond `capacity` are dropped.
EXPORT int32_t pipeline_operator_call(
    const Operator* op, const Value* arguments, int32_t count, Value* results, int32_t capacity, int32_t* produced) {
  return guarded([&] {
    const auto declared = op->defaults.size();
    if (static_cast<size_t>(count) > declared) {
      throw std::invalid_argument("given " + std::to_string(count) + " arguments, takes " + std::to_string(declared));
    }
    std::vector<c10::IValue> stack;
    stack.reserve(declared);
    for (size_t i = 0; i < declared; i++) {
      stack.push_back(i < static_cast<size_t>(count) ? boxed(arguments[i], op->defaults[i]) : op->defaults[i]);
    }
    op->handle.callBoxed(&stack);
    *produced = static_cast<int32_t>(std::min(stack.size(), static_cast<size_t>(capacity)));
    for (int32_t i = 0; i < *produced; i++) results[i] = unboxed(std::move(stack[i]));
  });
}

EXPORT void pipeline_list_free(void** pointers) { delete[] pointers; }

// Tensors --------------------------------------------------------------------------------------------------------------------

struct Description {
  const int64_t* sizes;
  const int64_t* strides;
  int64_t elements;
  int64_t offset;
  int32_t dimensions;
  int32_t dtype;
  int32_t device_type;
  int32_t device_index;
  int32_t element_size;
  int32_t contiguous;
};

// The pointers in `out` live as long as the tensor and as long as its shape does not change in place.
EXPORT int32_t pipeline_tensor_describe(at::TensorImpl* tensor, Description* out) {
  return guarded([&] {
    const auto device = tensor->device();
    const bool strided = tensor->layout() == at::kStrided;
    out->sizes = tensor->sizes().data();
    out->strides = strided ? tensor->strides().data() : nullptr;
    out->elements = tensor->numel();
    out->offset = strided ? tensor->storage_offset() : 0;
    out->dimensions = static_cast<int32_t>(tensor->dim());
    out->dtype = static_cast<int32_t>(c10::typeMetaToScalarType(tensor->dtype()));
    out->device_type = static_cast<int32_t>(device.type());
    out->device_index = device.index();
    out->element_size = static_cast<int32_t>(tensor->itemsize());
    out->contiguous = strided && tensor->is_contiguous();
  });
}

EXPORT int32_t pipeline_tensor_data(at::TensorImpl* tensor, void** data) {
  return guarded([&] { *data = borrow(tensor).data_ptr(); });
}

EXPORT void pipeline_tensor_release(at::TensorImpl* tensor) {
  c10::intrusive_ptr<at::TensorImpl>::reclaim(tensor);
}

EXPORT at::TensorImpl* pipeline_tensor_share(at::TensorImpl* tensor) { return borrow(tensor).unsafeReleaseTensorImpl(); }

// Autograd -------------------------------------------------------------------------------------------------------------------

EXPORT int32_t pipeline_tensor_requires_grad(at::TensorImpl* tensor) { return tensor->requires_grad(); }

EXPORT int32_t pipeline_tensor_is_leaf(at::TensorImpl* tensor) { return borrow(tensor).is_leaf(); }

EXPORT int32_t pipeline_tensor_get_grad(at::TensorImpl* tensor, void** grad) {
  return guarded([&] { *grad = own(borrow(tensor).grad()); });
}

EXPORT int32_t pipeline_tensor_set_grad(at::TensorImpl* tensor, void* grad) {
  return guarded([&] {
    auto self = borrow(tensor);
    auto value = borrow(grad);
    TORCH_CHECK(!value.defined() || (value.sizes() == self.sizes() && value.scalar_type() == self.scalar_type()),
                "a gradient has the shape and type of its tensor: ", self.sizes(), " ", self.scalar_type());
    self.mutable_grad() = value;
  });
}

// retain and create: 0, 1, or -1 for torch's default. Without `inputs` gradients accumulate into every leaf.
EXPORT int32_t pipeline_backward(
    void* const* outputs, int32_t output_count, void* const* grads, int32_t grad_count, int32_t retain, int32_t create,
    void* const* inputs, int32_t input_count) {
  return guarded([&] {
    torch::autograd::backward(borrow_all(outputs, output_count), borrow_all(grads, grad_count),
                              retain < 0 ? OptionalBool() : OptionalBool(retain != 0), create != 0,
                              borrow_all(inputs, input_count));
  });
}

EXPORT int32_t pipeline_grad(
    void* const* outputs, int32_t output_count, void* const* inputs, int32_t input_count, void* const* grads, int32_t grad_count,
    int32_t retain, int32_t create, int32_t allow_unused, void** results) {
  return guarded([&] {
    auto found = torch::autograd::grad(borrow_all(outputs, output_count), borrow_all(inputs, input_count),
                                       borrow_all(grads, grad_count),
                                       retain < 0 ? OptionalBool() : OptionalBool(retain != 0), create != 0, allow_unused != 0);
    for (size_t i = 0; i < found.size(); i++) results[i] = own(std::move(found[i]));
  });
}

EXPORT int32_t pipeline_grad_mode_get() { return at::GradMode::is_enabled(); }

EXPORT void pipeline_grad_mode_set(int32_t enabled) { at::GradMode::set_enabled(enabled != 0); }

EXPORT int32_t pipeline_inference_mode_get() { return c10::InferenceMode::is_enabled(); }

EXPORT void* pipeline_inference_mode_begin(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }

EXPORT void pipeline_inference_mode_end(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

// Generators -----------------------------------------------------------------------------------------------------------------

EXPORT int32_t pipeline_manual_seed(uint64_t seed) {
  return guarded([&] { at::manual_seed(seed); });
}

EXPORT int32_t pipeline_generator_default(int64_t device, void** generator) {
  return guarded([&] {
    auto shared = at::globalContext().defaultGenerator(device_of(device));
    *generator = shared.unsafeReleaseGeneratorImpl();
  });
}

EXPORT int32_t pipeline_generator_create(int64_t device, uint64_t seed, void** generator) {
  return guarded([&] {
    auto created = at::globalContext().defaultGenerator(device_of(device)).clone();
    std::lock_guard<std::mutex> lock(created.mutex());
    created.set_current_seed(seed);
    *generator = at::Generator(created).unsafeReleaseGeneratorImpl();
  });
}

EXPORT void pipeline_generator_release(void* generator) {
  c10::intrusive_ptr<c10::GeneratorImpl>::reclaim(static_cast<c10::GeneratorImpl*>(generator));
}

EXPORT int32_t pipeline_generator_set_seed(void* generator, uint64_t seed) {
  return guarded([&] {
    auto target = borrow_generator(generator);
    std::lock_guard<std::mutex> lock(target.mutex());
    target.set_current_seed(seed);
  });
}

EXPORT int32_t pipeline_generator_random_seed(void* generator, uint64_t* seed) {
  return guarded([&] {
    auto target = borrow_generator(generator);
    std::lock_guard<std::mutex> lock(target.mutex());
    *seed = target.seed();
  });
}

EXPORT int32_t pipeline_generator_initial_seed(void* generator, uint64_t* seed) {
  return guarded([&] { *seed = borrow_generator(generator).current_seed(); });
}

EXPORT int32_t pipeline_generator_get_state(void* generator, void** state) {
  return guarded([&] {
    auto source = borrow_generator(generator);
    std::lock_guard<std::mutex> lock(source.mutex());
    *state = own(source.get_state());
  });
}

EXPORT int32_t pipeline_generator_set_state(void* generator, void* state) {
  return guarded([&] {
    auto target = borrow_generator(generator);
    std::lock_guard<std::mutex> lock(target.mutex());
    target.set_state(borrow(state));
  });
}

// Threads and devices --------------------------------------------------------------------------------------------------------

EXPORT int32_t pipeline_threads_get() { return at::get_num_threads(); }

EXPORT int32_t pipeline_threads_set(int32_t count) {
  return guarded([&] {
    at::set_num_threads(count);
    if (openblas_set_num_threads != nullptr) openblas_set_num_threads(count);
  });
}

EXPORT int32_t pipeline_interop_threads_get() { return at::get_num_interop_threads(); }

EXPORT int32_t pipeline_interop_threads_set(int32_t count) {
  return guarded([&] { at::set_num_interop_threads(count); });
}

// libtorch's CUDA part registers itself when it is loaded; nothing links to it, so that a machine without it does as well. Load it
// first of all: libtorch asks once whether there is CUDA, if only to choose how a convolution runs on the CPU, and keeps the answer.
EXPORT int32_t pipeline_cuda_load() { return dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr; }

EXPORT int32_t pipeline_cuda_device_count() {
  int32_t count = 0;
  guarded([&] { count = static_cast<int32_t>(at::getNumGPUs()); });
  return count;
}

EXPORT int32_t pipeline_cuda_has_cudnn() { return at::globalContext().hasCuDNN(); }

EXPORT int32_t pipeline_cuda_synchronize(int32_t device) {
  return guarded([&] {
    TORCH_CHECK(at::hasCUDA(), "this libtorch has no CUDA, or the machine has no CUDA device");
    const auto& hooks = at::detail::getCUDAHooks();
    const auto current = c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).getDevice().index();
    hooks.deviceSynchronize(device < 0 ? current : static_cast<c10::DeviceIndex>(device));
  });
}

// Bytes allocated now and at most, reserved now and at most; 1 when this build has no CUDA statistics.
EXPORT int32_t pipeline_cuda_memory(int32_t device, int64_t* bytes) {
  return guarded([&] {
#ifdef PIPELINE_CUDA_STATISTICS
    const auto statistics = c10::cuda::CUDACachingAllocator::getDeviceStats(device);
    bytes[0] = statistics.allocated_bytes[0].current;
    bytes[1] = statistics.allocated_bytes[0].peak;
    bytes[2] = statistics.reserved_bytes[0].current;
    bytes[3] = statistics.reserved_bytes[0].peak;
#else
    TORCH_CHECK(false, "CUDA memory statistics need a bridge built with libtorch's CUDA part and the CUDA headers");
#endif
  });
}

EXPORT int32_t pipeline_cuda_reset_peak_memory(int32_t device) {
  return guarded([&] {
#ifdef PIPELINE_CUDA_STATISTICS
    c10::cuda::CUDACachingAllocator::resetPeakStats(device);
#else
    TORCH_CHECK(false, "CUDA memory statistics need a bridge built with libtorch's CUDA part and the CUDA headers");
#endif
  });
}

// Fails where a program has used libtorch's old switches and its new ones at once.
EXPORT int32_t pipeline_tf32_get(int32_t cudnn, int32_t* allowed) {
  return guarded([&] { *allowed = cudnn != 0 ? at::globalContext().allowTF32CuDNN() : at::globalContext().allowTF32CuBLAS(); });
}

EXPORT int32_t pipeline_tf32_set(int32_t cudnn, int32_t allowed) {
  return guarded([&] {
    if (cudnn != 0) {
      at::globalContext().setAllowTF32CuDNN(allowed != 0);
    } else {
      at::globalContext().setAllowTF32CuBLAS(allowed != 0);
    }
  });
}
