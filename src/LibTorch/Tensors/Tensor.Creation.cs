using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Operators.normal_.Update(this, mean, std, generator);

        public Tensor uniform_(double from, double to, Generator? generator = null) => Operators.uniform_.Update(this, from, to, generator);

        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Operators.bernoulli__float.Update(this, p, generator);

        public Tensor bernoulli(Generator? generator = null) => Operators.bernoulli.Call(this, generator);

        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) =>
            Operators.multinomial.Call(this, num_samples, replacement, generator);

        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.zeros_like(this, dtype, device, requires_grad);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.ones_like(this, dtype, device, requires_grad);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.empty_like(this, dtype, device, requires_grad);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            torch.full_like(this, value, dtype, device, requires_grad);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            zeros(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            empty(size, dtype ?? this.dtype, device ?? this.device, requires_grad);

        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            full(size, value, dtype ?? this.dtype, device ?? this.device, requires_grad);
    }
}
