using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => Operators.add_Tensor.Call(left, right);

        public static Tensor operator +(Tensor left, Scalar right) => Operators.add_Scalar.Call(left, right);

        public static Tensor operator +(Tensor left, int right) => Operators.add_Scalar.Call(left, (long)right);

        public static Tensor operator +(Tensor left, long right) => Operators.add_Scalar.Call(left, right);

        public static Tensor operator +(Tensor left, float right) => Operators.add_Scalar.Call(left, (double)right);

        public static Tensor operator +(Tensor left, double right) => Operators.add_Scalar.Call(left, right);

        public static Tensor operator +(Scalar left, Tensor right) => Operators.add_Scalar.Call(right, left);

        public static Tensor operator +(int left, Tensor right) => Operators.add_Scalar.Call(right, (long)left);

        public static Tensor operator +(long left, Tensor right) => Operators.add_Scalar.Call(right, left);

        public static Tensor operator +(float left, Tensor right) => Operators.add_Scalar.Call(right, (double)left);

        public static Tensor operator +(double left, Tensor right) => Operators.add_Scalar.Call(right, left);

        public static Tensor operator -(Tensor left, Tensor right) => Operators.sub_Tensor.Call(left, right);

        public static Tensor operator -(Tensor left, Scalar right) => Operators.sub_Scalar.Call(left, right);

        public static Tensor operator -(Tensor left, int right) => Operators.sub_Scalar.Call(left, (long)right);

        public static Tensor operator -(Tensor left, long right) => Operators.sub_Scalar.Call(left, right);

        public static Tensor operator -(Tensor left, float right) => Operators.sub_Scalar.Call(left, (double)right);

        public static Tensor operator -(Tensor left, double right) => Operators.sub_Scalar.Call(left, right);

        public static Tensor operator -(Scalar left, Tensor right) => Operators.rsub_Scalar.Call(right, left);

        public static Tensor operator -(int left, Tensor right) => Operators.rsub_Scalar.Call(right, (long)left);

        public static Tensor operator -(long left, Tensor right) => Operators.rsub_Scalar.Call(right, left);

        public static Tensor operator -(float left, Tensor right) => Operators.rsub_Scalar.Call(right, (double)left);

        public static Tensor operator -(double left, Tensor right) => Operators.rsub_Scalar.Call(right, left);

        public static Tensor operator *(Tensor left, Tensor right) => Operators.mul_Tensor.Call(left, right);

        public static Tensor operator *(Tensor left, Scalar right) => Operators.mul_Scalar.Call(left, right);

        public static Tensor operator *(Tensor left, int right) => Operators.mul_Scalar.Call(left, (long)right);

        public static Tensor operator *(Tensor left, long right) => Operators.mul_Scalar.Call(left, right);

        public static Tensor operator *(Tensor left, float right) => Operators.mul_Scalar.Call(left, (double)right);

        public static Tensor operator *(Tensor left, double right) => Operators.mul_Scalar.Call(left, right);

        public static Tensor operator *(Scalar left, Tensor right) => Operators.mul_Scalar.Call(right, left);

        public static Tensor operator *(int left, Tensor right) => Operators.mul_Scalar.Call(right, (long)left);

        public static Tensor operator *(long left, Tensor right) => Operators.mul_Scalar.Call(right, left);

        public static Tensor operator *(float left, Tensor right) => Operators.mul_Scalar.Call(right, (double)left);

        public static Tensor operator *(double left, Tensor right) => Operators.mul_Scalar.Call(right, left);

        public static Tensor operator /(Tensor left, Tensor right) => Operators.div_Tensor.Call(left, right);

        public static Tensor operator /(Tensor left, Scalar right) => Operators.div_Scalar.Call(left, right);

        public static Tensor operator /(Tensor left, int right) => Operators.div_Scalar.Call(left, (long)right);

        public static Tensor operator /(Tensor left, long right) => Operators.div_Scalar.Call(left, right);

        public static Tensor operator /(Tensor left, float right) => Operators.div_Scalar.Call(left, (double)right);

        public static Tensor operator /(Tensor left, double right) => Operators.div_Scalar.Call(left, right);

        public static Tensor operator /(Scalar left, Tensor right) => Reciprocal(right, left);

        public static Tensor operator /(int left, Tensor right) => Reciprocal(right, (long)left);

        public static Tensor operator /(long left, Tensor right) => Reciprocal(right, left);

        public static Tensor operator /(float left, Tensor right) => Reciprocal(right, (double)left);

        public static Tensor operator /(double left, Tensor right) => Reciprocal(right, left);

        public static Tensor operator %(Tensor left, Tensor right) => Operators.remainder_Tensor.Call(left, right);

        public static Tensor operator %(Tensor left, Scalar right) => Operators.remainder_Scalar.Call(left, right);

        public static Tensor operator %(Tensor left, int right) => Operators.remainder_Scalar.Call(left, (long)right);

        public static Tensor operator %(Tensor left, long right) => Operators.remainder_Scalar.Call(left, right);

        public static Tensor operator %(Tensor left, float right) => Operators.remainder_Scalar.Call(left, (double)right);

        public static Tensor operator %(Tensor left, double right) => Operators.remainder_Scalar.Call(left, right);

        public static Tensor operator -(Tensor tensor) => Operators.neg.Call(tensor);

        public static Tensor operator ~(Tensor left) => Operators.bitwise_not.Call(left);

        public static Tensor operator &(Tensor left, Tensor right) => Operators.bitwise_and_Tensor.Call(left, right);

        public static Tensor operator |(Tensor left, Tensor right) => Operators.bitwise_or_Tensor.Call(left, right);

        public static Tensor operator ^(Tensor left, Tensor right) => Operators.bitwise_xor_Tensor.Call(left, right);

        private static Tensor Reciprocal(Tensor divisor, Argument dividend)
        {
            using var inverse = Operators.reciprocal.Call(divisor);
            return Operators.mul_Scalar.Call(inverse, dividend);
        }
    }
}
