using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Absolute value.</summary>
        public Tensor abs() => Operators.abs.Call(this);

        public Tensor abs_() => Operators.abs_.Update(this);

        public Tensor exp() => Operators.exp.Call(this);

        public Tensor exp_() => Operators.exp_.Update(this);

        /// <summary>Natural logarithm.</summary>
        public Tensor log() => Operators.log.Call(this);

        public Tensor log_() => Operators.log_.Update(this);

        public Tensor log2() => Operators.log2.Call(this);

        public Tensor log2_() => Operators.log2_.Update(this);

        public Tensor log10() => Operators.log10.Call(this);

        public Tensor log10_() => Operators.log10_.Update(this);

        /// <summary>log(1 + x), exact near zero.</summary>
        public Tensor log1p() => Operators.log1p.Call(this);

        public Tensor log1p_() => Operators.log1p_.Update(this);

        /// <summary>exp(x) - 1, exact near zero.</summary>
        public Tensor expm1() => Operators.expm1.Call(this);

        public Tensor expm1_() => Operators.expm1_.Update(this);

        /// <summary>2 to the power of x.</summary>
        public Tensor exp2() => Operators.exp2.Call(this);

        public Tensor exp2_() => Operators.exp2_.Update(this);

        public Tensor sqrt() => Operators.sqrt.Call(this);

        public Tensor sqrt_() => Operators.sqrt_.Update(this);

        /// <summary>1 / sqrt(x).</summary>
        public Tensor rsqrt() => Operators.rsqrt.Call(this);

        public Tensor rsqrt_() => Operators.rsqrt_.Update(this);

        public Tensor sin() => Operators.sin.Call(this);

        public Tensor sin_() => Operators.sin_.Update(this);

        public Tensor cos() => Operators.cos.Call(this);

        public Tensor cos_() => Operators.cos_.Update(this);

        public Tensor tan() => Operators.tan.Call(this);

        public Tensor tan_() => Operators.tan_.Update(this);

        public Tensor sinh() => Operators.sinh.Call(this);

        public Tensor sinh_() => Operators.sinh_.Update(this);

        public Tensor cosh() => Operators.cosh.Call(this);

        public Tensor cosh_() => Operators.cosh_.Update(this);

        public Tensor asin() => Operators.asin.Call(this);

        public Tensor asin_() => Operators.asin_.Update(this);

        public Tensor acos() => Operators.acos.Call(this);

        public Tensor acos_() => Operators.acos_.Update(this);

        public Tensor atan() => Operators.atan.Call(this);

        public Tensor atan_() => Operators.atan_.Update(this);

        public Tensor tanh() => Operators.tanh.Call(this);

        public Tensor tanh_() => Operators.tanh_.Update(this);

        /// <summary>1 / (1 + exp(-x)).</summary>
        public Tensor sigmoid() => Operators.sigmoid.Call(this);

        public Tensor sigmoid_() => Operators.sigmoid_.Update(this);

        public Tensor floor() => Operators.floor.Call(this);

        public Tensor floor_() => Operators.floor_.Update(this);

        public Tensor ceil() => Operators.ceil.Call(this);

        public Tensor ceil_() => Operators.ceil_.Update(this);

        /// <summary>Towards zero.</summary>
        public Tensor trunc() => Operators.trunc.Call(this);

        public Tensor trunc_() => Operators.trunc_.Update(this);

        public Tensor frac() => Operators.frac.Call(this);

        public Tensor frac_() => Operators.frac_.Update(this);

        public Tensor neg() => Operators.neg.Call(this);

        public Tensor neg_() => Operators.neg_.Update(this);

        public Tensor reciprocal() => Operators.reciprocal.Call(this);

        public Tensor reciprocal_() => Operators.reciprocal_.Update(this);

        public Tensor erf() => Operators.erf.Call(this);

        public Tensor erf_() => Operators.erf_.Update(this);

        public Tensor sign() => Operators.sign.Call(this);

        public Tensor sign_() => Operators.sign_.Update(this);

        public Tensor square() => Operators.square.Call(this);

        /// <summary>To the nearest, ties to even.</summary>
        /// <param name="decimals">Digits to keep after the point.</param>
        public Tensor round(long decimals = 0) => decimals == 0 ? Operators.round.Call(this) : Operators.round_decimals.Call(this, decimals);

        public Tensor round_(long decimals = 0) => decimals == 0 ? Operators.round_.Update(this) : Operators.round__decimals.Update(this, decimals);

        /// <summary>Limits every element to a range; null is no limit.</summary>
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Operators.clamp.Call(this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Operators.clamp_Tensor.Call(this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Operators.clamp_.Update(this, min, max);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Operators.clamp__Tensor.Update(this, min, max);

        public Tensor clamp_min(Scalar min) => Operators.clamp_min.Call(this, min);

        public Tensor clamp_max(Scalar max) => Operators.clamp_max.Call(this, max);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => Operators.nan_to_num.Call(this, nan, posinf, neginf);
    }
}
