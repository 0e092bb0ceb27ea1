using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Operators.add_Tensor.Call(this, target);

        /// <summary>this + alpha * target.</summary>
        public Tensor add(Tensor target, Scalar alpha) => Operators.add_Tensor.Call(this, target, alpha);

        public Tensor add(Scalar scalar) => Operators.add_Scalar.Call(this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => Operators.add_Scalar.Call(this, scalar, alpha);

        public Tensor add_(Tensor target) => Operators.add__Tensor.Update(this, target);

        public Tensor add_(Tensor target, Scalar alpha) => Operators.add__Tensor.Update(this, target, alpha);

        public Tensor add_(Scalar scalar) => Operators.add__Scalar.Update(this, scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => Operators.add__Scalar.Update(this, scalar, alpha);

        public Tensor sub(Tensor target) => Operators.sub_Tensor.Call(this, target);

        public Tensor sub(Scalar target) => Operators.sub_Scalar.Call(this, target);

        public Tensor sub_(Tensor target) => Operators.sub__Tensor.Update(this, target);

        public Tensor sub_(Scalar target) => Operators.sub__Scalar.Update(this, target);

        public Tensor mul(Tensor target) => Operators.mul_Tensor.Call(this, target);

        public Tensor mul(Scalar target) => Operators.mul_Scalar.Call(this, target);

        public Tensor mul_(Tensor target) => Operators.mul__Tensor.Update(this, target);

        public Tensor mul_(Scalar target) => Operators.mul__Scalar.Update(this, target);

        /// <summary>True division, or rounded as <paramref name="rounding_mode"/> says.</summary>
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Operators.div_Tensor.Call(this, target) : Operators.div_Tensor_mode.Call(this, target, Named(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Operators.div__Tensor.Update(this, target) : Operators.div__Tensor_mode.Update(this, target, Named(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Operators.div_Scalar.Call(this, target) : Operators.div_Scalar_mode.Call(this, target, Named(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Operators.div__Scalar.Update(this, target) : Operators.div__Scalar_mode.Update(this, target, Named(rounding_mode));

        /// <summary>Python's: the sign is the divisor's.</summary>
        public Tensor remainder(Tensor target) => Operators.remainder_Tensor.Call(this, target);

        public Tensor remainder(Scalar scalar) => Operators.remainder_Scalar.Call(this, scalar);

        /// <summary>C's: the sign is the dividend's.</summary>
        public Tensor fmod(Tensor target) => Operators.fmod_Tensor.Call(this, target);

        public Tensor fmod(Scalar scalar) => Operators.fmod_Scalar.Call(this, scalar);

        public Tensor pow(Tensor exponent) => Operators.pow_Tensor_Tensor.Call(this, exponent);

        public Tensor pow_(Tensor exponent) => Operators.pow__Tensor.Update(this, exponent);

        public Tensor pow(Scalar exponent) => Operators.pow_Tensor_Scalar.Call(this, exponent);

        public Tensor pow_(Scalar exponent) => Operators.pow__Scalar.Update(this, exponent);

        public Tensor floor_divide(Tensor other) => Operators.floor_divide.Call(this, other);

        public Tensor floor_divide(Scalar other) => Operators.floor_divide_Scalar.Call(this, other);

        /// <summary>this + value * tensor1 * tensor2.</summary>
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Operators.addcmul.Call(this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Operators.addcmul_.Update(this, tensor1, tensor2, value);

        /// <summary>this + value * tensor1 / tensor2.</summary>
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Operators.addcdiv.Call(this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Operators.addcdiv_.Update(this, tensor1, tensor2, value);

        public Tensor lerp(Tensor end, Tensor weight) => Operators.lerp_Tensor.Call(this, end, weight);

        public Tensor atan2(Tensor other) => Operators.atan2.Call(this, other);

        public Tensor hypot(Tensor other) => Operators.hypot.Call(this, other);

        private static string Named(RoundingMode mode) => mode switch
        {
            RoundingMode.floor => "floor",
            RoundingMode.trunc => "trunc",
            _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "expected floor or trunc"),
        };
    }
}
