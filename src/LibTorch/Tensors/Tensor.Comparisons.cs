using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Operators.eq_Tensor.Call(this, target);

        public Tensor eq(Scalar target) => Operators.eq_Scalar.Call(this, target);

        public Tensor ne(Tensor target) => Operators.ne_Tensor.Call(this, target);

        public Tensor ne(Scalar target) => Operators.ne_Scalar.Call(this, target);

        public Tensor lt(Tensor target) => Operators.lt_Tensor.Call(this, target);

        public Tensor lt(Scalar target) => Operators.lt_Scalar.Call(this, target);

        public Tensor le(Tensor target) => Operators.le_Tensor.Call(this, target);

        public Tensor le(Scalar target) => Operators.le_Scalar.Call(this, target);

        public Tensor gt(Tensor target) => Operators.gt_Tensor.Call(this, target);

        public Tensor gt(Scalar target) => Operators.gt_Scalar.Call(this, target);

        public Tensor ge(Tensor target) => Operators.ge_Tensor.Call(this, target);

        public Tensor ge(Scalar target) => Operators.ge_Scalar.Call(this, target);

        public Tensor logical_and(Tensor other) => Operators.logical_and.Call(this, other);

        public Tensor logical_and_(Tensor other) => Operators.logical_and_.Update(this, other);

        public Tensor logical_or(Tensor other) => Operators.logical_or.Call(this, other);

        public Tensor logical_or_(Tensor other) => Operators.logical_or_.Update(this, other);

        public Tensor logical_xor(Tensor other) => Operators.logical_xor.Call(this, other);

        public Tensor logical_xor_(Tensor other) => Operators.logical_xor_.Update(this, other);

        public Tensor bitwise_and(Tensor other) => Operators.bitwise_and_Tensor.Call(this, other);

        public Tensor bitwise_or(Tensor other) => Operators.bitwise_or_Tensor.Call(this, other);

        public Tensor bitwise_xor(Tensor other) => Operators.bitwise_xor_Tensor.Call(this, other);

        public Tensor logical_not() => Operators.logical_not.Call(this);

        public Tensor bitwise_not() => Operators.bitwise_not.Call(this);

        public Tensor isnan() => Operators.isnan.Call(this);

        public Tensor isinf() => Operators.isinf.Call(this);

        public Tensor isfinite() => Operators.isfinite.Call(this);

        public Tensor maximum(Tensor other) => Operators.maximum.Call(this, other);

        public Tensor minimum(Tensor other) => Operators.minimum.Call(this, other);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Operators.isclose.Call(this, other, rtol, atol, nanEqual);

        /// <summary>Whether |this - target| is at most atol + rtol * |target| everywhere.</summary>
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Operators.allclose.CallBoolean(this, target, rtol, atol, equal_nan);

        /// <summary>Elementwise, as <see cref="eq(Tensor)"/>; whole tensors compare with <see cref="Equals(Tensor)"/>.</summary>
        public Tensor equal(Tensor target) => eq(target);

        public bool is_nonzero() => Operators.is_nonzero.CallBoolean(this);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);

        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);

        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);

        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);

        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);

        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);

        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);

        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);

        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);

        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);

        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);

        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);

        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);

        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);

        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);

        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);

        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);

        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);
    }
}
