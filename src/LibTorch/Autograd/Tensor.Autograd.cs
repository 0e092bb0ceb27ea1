using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whether operators on it are recorded for differentiation. Can be set on leaves only.</summary>
        public bool requires_grad
        {
            get
            {
                var required = Bridge.pipeline_tensor_requires_grad(Handle) != 0;
                GC.KeepAlive(this);
                return required;
            }
            set => requires_grad_(value);
        }

        /// <summary>False for results of recorded operators.</summary>
        public bool is_leaf
        {
            get
            {
                var leaf = Bridge.pipeline_tensor_is_leaf(Handle) != 0;
                GC.KeepAlive(this);
                return leaf;
            }
        }

        /// <summary>The derivative that <see cref="backward()"/> accumulated; null when there is none. Every read makes a new reference.</summary>
        public unsafe Tensor? grad
        {
            get
            {
                nint found;
                Bridge.Check(Bridge.pipeline_tensor_get_grad(Handle, &found));
                GC.KeepAlive(this);
                return found == 0 ? null : new Tensor(found);
            }

            set
            {
                Bridge.Check(Bridge.pipeline_tensor_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true) => Operators.requires_grad_.Update(this, requires_grad);

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Adds the derivative of this scalar to the <see cref="grad"/> of every leaf it depends on.</summary>
        public void backward() => autograd.backward(this, (IList<Tensor>?)null);

        public void backward(
            IList<Tensor>? grad_tensors = null,
            bool retain_graph = false,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
            => autograd.backward(this, grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Keeps the <see cref="grad"/> of a tensor that is no leaf.</summary>
        public void retain_grad() => Operators.retain_grad.Update(this);

        /// <summary>The same data without its history.</summary>
        public Tensor detach() => Operators.detach.Call(this);

        public Tensor detach_() => Operators.detach_.Update(this);
    }
}
