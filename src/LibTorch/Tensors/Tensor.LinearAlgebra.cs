using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor matmul(Tensor target) => Operators.matmul.Call(this, target);

        public Tensor mm(Tensor target) => Operators.mm.Call(this, target);

        public Tensor bmm(Tensor batch2) => Operators.bmm.Call(this, batch2);

        public Tensor mv(Tensor target) => Operators.mv.Call(this, target);

        public Tensor dot(Tensor target) => Operators.dot.Call(this, target);

        public Tensor outer(Tensor vec2) => Operators.outer.Call(this, vec2);

        /// <summary>beta * this + alpha * mat1 @ mat2.</summary>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Operators.addmm.Call(this, mat1, mat2, Factor(beta), Factor(alpha));

        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) =>
            Operators.addmm_.Update(this, mat1, mat2, Factor(beta), Factor(alpha));

        /// <summary>Whole factors stay whole, so that integer tensors take them.</summary>
        private static Argument Factor(float value) => float.IsInteger(value) ? (long)value : (double)value;
    }
}
